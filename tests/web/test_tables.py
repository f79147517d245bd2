from sensorfusion.web.templatetags.tables import number_rows


def test_cells_of_numbers_follow_the_name_of_their_row() -> None:
    assert number_rows([["12:00", "1.5", "–"], ["13:00", "2", "3"]]) == (
        '<tr><th scope="row">12:00</th><td class="number">1.5</td><td class="number">–</td></tr>'
        '<tr><th scope="row">13:00</th><td class="number">2</td><td class="number">3</td></tr>'
    )


def test_cells_are_escaped() -> None:
    assert "<script" not in number_rows([["<script>", "<script>"]])
