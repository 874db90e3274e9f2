"""How much time the agents have, and how much of it is taken."""

from datetime import UTC, datetime, timedelta

from callbacks.rules.day_plan import Post
from callbacks.rules.room import Room, room, share

NINE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SLOT = timedelta(minutes=30)


def post(*spells: tuple[float, float], free_at: float = 0.0) -> Post:
    """Return an agent whose spells are in hours from nine on."""
    start = NINE.timestamp()
    return Post(1, start + free_at * 3600, [(start + opens * 3600, start + closes * 3600) for opens, closes in spells])


def until(hours: float) -> tuple[datetime, datetime]:
    return NINE, NINE + timedelta(hours=hours)


def test_the_time_of_all_agents_counts_together() -> None:
    assert room([post((0, 3), (4, 8)), post((0, 3))], until(8), SLOT) == Room(timedelta(hours=10), 20)


def test_what_lies_outside_and_what_is_over_already_counts_for_nothing() -> None:
    assert room([post((-2, 3), (4, 8), free_at=1)], until(3), SLOT) == Room(timedelta(hours=2), 4)


def test_a_slot_that_does_not_fit_into_one_spell_is_none_though_two_halves_would_make_it() -> None:
    assert room([post((0, 0.75), (1, 1.75))], until(8), SLOT) == Room(timedelta(minutes=90), 2)


def test_nothing_taken_is_no_share_even_where_nobody_works() -> None:
    assert share(timedelta(0), Room(timedelta(0), 0)) == 0.0
    assert share(timedelta(hours=1), Room(timedelta(hours=4), 8)) == 0.25
    assert share(timedelta(hours=1), Room(timedelta(0), 0)) == float("inf")
