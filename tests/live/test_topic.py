"""A topic turns one sensor's announcements, in any order, into a stream without holes and duplicates."""

from hypothesis import given
from hypothesis import strategies as st

from sensorfusion.live.topic import EARLY, KEPT, Topic
from tests.live.world import reading, uuid_of


def topic(seq: int | None = 10) -> Topic:
    made = Topic(1, uuid_of(1))
    if seq is not None:
        made.start(seq)
    return made


def ready(made: Topic) -> list[int]:
    return [each.seq for each in made.ready]


def test_the_next_reading_is_taken() -> None:
    made = topic(10)

    assert made.accept(reading(1, 11))
    assert (ready(made), made.position, made.is_behind) == ([11], 11, False)


def test_a_reading_that_came_before_is_ignored() -> None:
    made = topic(10)

    assert not made.accept(reading(1, 10))
    assert (ready(made), made.is_behind) == ([], False)


def test_a_reading_that_came_too_early_waits_for_the_one_before() -> None:
    made = topic(10)

    assert not made.accept(reading(1, 12))
    assert made.is_behind
    assert made.accept(reading(1, 11))
    assert (ready(made), made.is_behind) == ([11, 12], False)


def test_the_first_announcement_says_where_an_unread_sensor_is() -> None:
    made = topic(None)

    assert made.accept(reading(1, 42))
    assert (ready(made), made.position, made.kept_after) == ([42], 42, 41)


def test_what_the_database_has_fills_the_hole() -> None:
    made = topic(10)
    made.accept(reading(1, 14))

    assert made.fill([reading(1, 11), reading(1, 13)], upto=13, believed=14)  # 12 was changed again, by 13

    assert (ready(made), made.position, made.is_behind) == ([11, 13, 14], 14, False)


def test_what_arrived_while_the_database_was_asked_is_not_taken_twice() -> None:
    made = topic(10)
    made.accept(reading(1, 12))
    made.accept(reading(1, 11))

    made.fill([reading(1, 11), reading(1, 12), reading(1, 13)], upto=13, believed=12)

    assert ready(made) == [11, 12, 13]


def test_a_page_that_is_not_the_last_leaves_the_topic_behind() -> None:
    made = topic(10)
    made.known = 20

    made.fill([reading(1, 11)], upto=11)

    assert made.is_behind


def test_what_the_database_does_not_have_is_not_waited_for() -> None:
    made = topic(10)
    made.known = 20

    assert not made.fill([], upto=10, believed=20)
    assert not made.is_behind


def test_what_was_announced_while_the_database_was_asked_is_waited_for() -> None:
    made = topic(10)
    made.known = 20

    made.fill([], upto=12, believed=19)

    assert made.is_behind


def test_only_so_many_early_ones_are_kept() -> None:
    made = topic(0)
    for seq in range(2, EARLY + 10):
        made.accept(reading(1, seq))

    made.accept(reading(1, 1))

    assert len(made.ready) == EARLY + 1
    assert made.is_behind  # so that the rest is fetched


def test_what_is_sent_is_kept_only_while_somebody_joins() -> None:
    made = topic(10)
    made.accept(reading(1, 11))
    made.hold()
    made.accept(reading(1, 12))

    assert ([each.seq for each in made.kept], made.kept_after) == ([12], 11)
    made.release()
    assert made.kept == []


def test_a_second_joiner_does_not_shorten_what_the_first_needs() -> None:
    made = topic(10)
    made.hold()
    made.accept(reading(1, 11))
    made.hold()

    assert ([each.seq for each in made.kept], made.kept_after) == ([11], 10)
    made.release()
    assert made.kept


def test_what_is_kept_is_bounded() -> None:
    made = topic(0)
    made.hold()
    for seq in range(1, 3 * KEPT):
        made.accept(reading(1, seq))

    assert len(made.kept) <= KEPT
    assert made.kept[0].seq == made.kept_after + 1
    assert made.kept[-1].seq == 3 * KEPT - 1


def test_skipping_takes_what_is_early_enough() -> None:
    made = topic(10)
    made.accept(reading(1, 31))

    made.skip(to=30)

    assert (ready(made), made.position, made.kept_after) == ([31], 31, 30)


@given(
    order=st.permutations(range(1, 20)).flatmap(
        lambda seqs: st.lists(st.sampled_from(range(1, 20)), max_size=20).map(lambda again: [*seqs, *again])
    )
)
def test_any_order_and_repetition_makes_the_one_stream(order: list[int]) -> None:
    made = topic(0)
    for seq in order:
        made.accept(reading(1, seq))

    assert ready(made) == list(range(1, 20))
