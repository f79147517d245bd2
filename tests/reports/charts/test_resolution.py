from sensorfusion.reports.charts.resolution import bars_words, resolution_words, with_unit


def test_the_subtitle_names_what_a_point_stands_for() -> None:
    assert resolution_words("raw", 1, "mean") == "every reading"
    assert resolution_words("1h", 1, "mean") == "hourly mean, band = lowest to highest"
    assert resolution_words("1d", 3, "vector") == "3-day mean"
    assert with_unit("mm", bars_words(21600), " ") == "mm per 6 hours"
    assert with_unit("", "daily mean") == "daily mean"
