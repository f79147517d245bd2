from sensorfusion.domain.quantities.spans import Span, Spans, lasting, states


def test_a_state_that_was_there_at_the_beginning_counts() -> None:
    spans = Spans([Span("open", 0, 5), Span("closed", 5, 9), Span("open", 9, 10)], 0, 20, 4)

    assert (spans.times("open"), spans.between(6, 20).times("open"), spans.between(1, 4).times("open")) == (2, 1, 1)
    assert spans.longest("open") == Span("open", 0, 5)


def test_the_newest_state_lasts_until_its_next_reading_is_overdue() -> None:
    spans = Spans([Span("open", 0, 5)], 0, 20, 4)

    assert lasting(spans, 9).spans == [Span("open", 0, 9)]
    assert lasting(spans, 9.1) == spans


def test_states_come_by_their_length() -> None:
    assert states([Span("idle", 0, 5), Span("heat", 5, 7), Span("idle", 9, 9)]) == ["idle", "heat"]
