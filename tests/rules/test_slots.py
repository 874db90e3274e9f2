"""The moments a customer may choose: inside the windows, with an agent for each, and the same ones asked either way."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callbacks.rules.calendar import Calendar
from callbacks.rules.day_plan import Post
from callbacks.rules.slots import Diary, Slot
from callbacks.rules.windows import Span
from tests.call_desk import brussels

BRUSSELS = ZoneInfo("Europe/Brussels")
OFFICE = "Mo-Fr 09:00-12:00,13:00-17:00"
HALF = timedelta(minutes=30)
MARGIN = timedelta(minutes=2)
HOURS = [OFFICE, "Mo-Su 00:00-24:00", "Mo-Su 22:10-03:05", "Mo-Su 00:00-04:00", "Sa 10:00-10:45"]
CALENDARS = {each: Calendar(each, each, BRUSSELS) for each in HOURS}
SPRING, AUTUMN = datetime(2027, 3, 28, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
"""The nights on which Brussels changes its clocks."""


def there(calendar: Calendar, now: datetime, agent_id: int = 1, since: datetime | None = None) -> Post:
    """Return an agent who is there in all windows of the coming weeks, but for their last minutes."""
    windows = calendar.windows_between(now, now + timedelta(days=16))
    spells = [(each.opens.timestamp(), (each.closes - MARGIN).timestamp()) for each in windows]
    return Post(agent_id, (since or now).timestamp(), spells)


def diary(
    now: datetime,
    *,
    hours: str = OFFICE,
    agents: int = 1,
    taken: Sequence[Span] = (),
    slot: timedelta = HALF,
    days: int = 14,
    margin: timedelta = MARGIN,
) -> Diary:
    calendar = CALENDARS[hours]
    posts = [there(calendar, now, n) for n in range(agents)]
    return Diary(calendar, posts, taken, slot, days, margin)


def offered(book: Diary, now: datetime, count: int = 2000) -> list[str]:
    return [f"{each.starts.astimezone(BRUSSELS):%a %H:%M}" for each in islice(book.free(now, now), count)]


def half_hour(day: str, time: str) -> Slot:
    starts = brussels(day, time)
    return Slot(starts, starts + HALF)


def test_a_day_is_cut_into_half_hours_from_the_opening_of_each_window() -> None:
    now = brussels("2026-11-24", "10:05:00")
    assert offered(diary(now), now, 6) == [
        "Tue 10:30", "Tue 11:00", "Tue 11:30", "Tue 13:00", "Tue 13:30", "Tue 14:00",
    ]  # fmt: skip


def test_the_moment_that_begins_now_is_over_for_choosing() -> None:
    now = brussels("2026-11-24", "10:30:00")
    book = diary(now)
    assert offered(book, now, 1) == ["Tue 11:00"]
    assert not book.has(half_hour("2026-11-24", "10:30:00"), now)
    assert book.has(half_hour("2026-11-24", "10:30:00"), now - timedelta(microseconds=1))


def test_what_does_not_fit_before_closing_is_no_moment() -> None:
    now = brussels("2026-11-24", "08:00:00")
    assert offered(diary(now, slot=timedelta(minutes=50)), now, 4) == [
        "Tue 09:00",
        "Tue 09:50",
        "Tue 10:40",
        "Tue 13:00",
    ]
    assert offered(diary(now, hours="Sa 10:00-10:45"), now) == ["Sat 10:00", "Sat 10:00"]
    assert offered(diary(now, hours="Sa 10:00-10:45", slot=timedelta(minutes=46)), now) == []


def test_a_moment_over_midnight_has_no_name_and_is_no_moment() -> None:
    now = brussels("2026-11-24", "12:00:00")
    assert offered(diary(now, hours="Mo-Su 22:10-03:05"), now, 5) == [
        "Tue 22:10", "Tue 22:40", "Tue 23:10", "Wed 00:10", "Wed 00:40",
    ]  # fmt: skip


def test_the_last_day_is_offered_whole_and_the_next_one_not_at_all() -> None:
    now = brussels("2026-11-24", "16:59:00")
    assert offered(diary(now, days=1), now) == [
        f"Wed {hour:02}:{m:02}" for hour in (9, 10, 11, 13, 14, 15, 16) for m in (0, 30)
    ]
    assert diary(now, days=1).has(half_hour("2026-11-25", "16:30:00"), now)
    assert not diary(now, days=1).has(half_hour("2026-11-26", "09:00:00"), now)


def test_without_days_nothing_may_be_chosen() -> None:
    now = brussels("2026-11-24", "10:05:00")
    assert offered(diary(now, days=0), now) == []
    assert not diary(now, days=0).has(half_hour("2026-11-24", "14:00:00"), now)


def test_a_moment_with_as_many_customers_as_agents_is_full_and_one_with_fewer_is_not() -> None:
    now = brussels("2026-11-24", "10:05:00")
    full = half_hour("2026-11-24", "10:30:00")
    one = [(full.starts, full.ends)]
    assert offered(diary(now, taken=one), now, 1) == ["Tue 11:00"]
    assert not diary(now, taken=one).has(full, now)
    assert diary(now, agents=2, taken=one).has(full, now)
    assert not diary(now, agents=2, taken=[*one, *one]).has(full, now)


def test_a_moment_that_another_only_touches_has_room() -> None:
    now = brussels("2026-11-24", "10:05:00")
    before, after = half_hour("2026-11-24", "10:00:00"), half_hour("2026-11-24", "11:00:00")
    around = [(before.starts, before.ends), (after.starts, after.ends)]
    assert diary(now, taken=around).has(half_hour("2026-11-24", "10:30:00"), now)


def test_a_moment_given_out_under_a_longer_grid_fills_all_that_it_reaches_into() -> None:
    now = brussels("2026-11-24", "08:00:00")
    long = [(brussels("2026-11-24", "09:15:00"), brussels("2026-11-24", "10:15:00"))]
    assert offered(diary(now, taken=long), now, 1) == ["Tue 10:30"]


def test_an_agent_who_goes_or_comes_in_the_middle_is_promised_to_nobody() -> None:
    now = brussels("2026-11-24", "08:00:00")
    spell = (brussels("2026-11-24", "09:10:00").timestamp(), brussels("2026-11-24", "10:45:00").timestamp())
    book = Diary(CALENDARS[OFFICE], [Post(1, now.timestamp(), [spell])], [], HALF, 14, MARGIN)
    assert offered(book, now) == ["Tue 09:30", "Tue 10:00"]


def test_an_agent_who_is_free_only_later_is_promised_to_nobody_before() -> None:
    now = brussels("2026-11-24", "08:00:00")
    post = there(CALENDARS[OFFICE], now, since=brussels("2026-11-24", "09:00:01"))
    book = Diary(CALENDARS[OFFICE], [post], [], HALF, 14, MARGIN)
    assert offered(book, now, 1) == ["Tue 09:30"]


def test_the_last_minutes_before_closing_cost_a_moment_nothing_unless_they_are_all_of_it() -> None:
    now = brussels("2026-11-24", "11:05:00")
    assert offered(diary(now), now, 2) == ["Tue 11:30", "Tue 13:00"]
    quarter = timedelta(minutes=15)
    everybody = Post(
        1,
        now.timestamp(),
        [(brussels("2026-11-24", "09:00:00").timestamp(), brussels("2026-11-24", "17:00:00").timestamp())],
    )
    book = Diary(CALENDARS[OFFICE], [everybody], [], quarter, 0 + 1, quarter)
    assert offered(book, now, 3) == ["Tue 11:15", "Tue 11:30", "Tue 13:00"]
    assert not book.has(Slot(brussels("2026-11-24", "11:45:00"), brussels("2026-11-24", "12:00:00")), now)


@pytest.mark.parametrize(
    "slot",
    [
        half_hour("2026-11-24", "10:45:00"),
        half_hour("2026-11-24", "10:30:00.000001"),
        half_hour("2026-11-24", "11:45:00"),
        half_hour("2026-11-24", "12:00:00"),
        half_hour("2026-11-24", "17:00:00"),
        half_hour("2026-11-28", "10:00:00"),
        half_hour("2026-11-24", "09:00:00"),
        half_hour("1970-01-01", "10:00:00"),
        half_hour("2099-12-31", "10:00:00"),
        Slot(datetime.max.replace(tzinfo=UTC) - HALF, datetime.max.replace(tzinfo=UTC)),
        Slot(datetime.min.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC) + HALF),
        Slot(brussels("2026-11-24", "10:30:00"), brussels("2026-11-24", "11:30:00")),
        Slot(brussels("2026-11-24", "10:30:00"), brussels("2026-11-24", "10:30:00")),
        Slot(brussels("2026-11-24", "11:00:00"), brussels("2026-11-24", "10:30:00")),
    ],
    ids=str,
)
def test_what_is_not_one_of_ours_is_no_moment(slot: Slot) -> None:
    now = brussels("2026-11-24", "10:05:00")
    assert not diary(now).has(slot, now)


def test_a_wall_time_without_a_zone_is_a_mistake_of_ours() -> None:
    now = brussels("2026-11-24", "10:05:00")
    naive = Slot(datetime(2026, 11, 24, 10, 30), datetime(2026, 11, 24, 11, 0))  # noqa: DTZ001 - that is the point
    with pytest.raises(TypeError):
        diary(now).has(naive, now)


@pytest.mark.parametrize("change", [SPRING, AUTUMN])
def test_in_the_night_the_clocks_change_an_hour_of_moments_is_missing_or_added_and_none_is_longer(
    change: datetime,
) -> None:
    now = change - timedelta(hours=4)
    slots = list(islice(diary(now, hours="Mo-Su 00:00-04:00").free(now, now), 20))
    assert len(slots) == len(set(slots)) == 20
    assert {each.ends - each.starts for each in slots} == {HALF}
    in_that_night = [each for each in slots if abs(each.starts - change) < timedelta(hours=4)]
    assert len(in_that_night) == (6 if change is SPRING else 10)


instants = st.one_of(
    st.integers(0, 60 * 24 * 400).map(lambda minutes: datetime(2026, 9, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from([SPRING, AUTUMN]).flatmap(
        lambda change: st.integers(-60 * 48, 60 * 12).map(lambda minutes: change + timedelta(minutes=minutes))
    ),
)
diaries = st.builds(
    lambda now, hours, agents, taken, slot, days: (
        now,
        diary(
            now,
            hours=hours,
            agents=agents,
            taken=[(now + timedelta(minutes=a), now + timedelta(minutes=a + length)) for a, length in taken],
            slot=timedelta(minutes=slot),
            days=days,
        ),
    ),
    instants,
    st.sampled_from(HOURS),
    st.integers(0, 3),
    st.lists(st.tuples(st.integers(-600, 60 * 24 * 3), st.integers(1, 240)), max_size=12),
    st.sampled_from([15, 20, 30, 45, 60, 240]),
    st.integers(1, 5),
)


@settings(max_examples=150, deadline=None)
@given(diaries, st.integers(-60, 60 * 72))
def test_every_moment_offered_lies_ahead_inside_one_window_and_has_an_agent_to_spare(
    drawn: tuple[datetime, Diary], ahead: int
) -> None:
    now, book = drawn
    after = now + timedelta(minutes=ahead)
    slots = list(book.free(now, after))
    for one, next_one in pairwise(slots):
        assert one.ends <= next_one.starts
    for slot in slots:
        assert slot.starts > max(now, after)
        assert slot.ends - slot.starts == book.slot
        window = book.calendar.window_at(slot.starts)
        assert window is not None
        assert window.opens <= slot.starts
        assert slot.ends <= window.closes
        last_instant = slot.ends - timedelta(microseconds=1)
        assert slot.starts.astimezone(BRUSSELS).date() == last_instant.astimezone(BRUSSELS).date()
        assert slot.starts.astimezone(BRUSSELS).date() <= now.astimezone(BRUSSELS).date() + timedelta(days=book.days)
        assert sum(1 for taken in book.taken if slot.overlaps(*taken)) < len(book.posts)


@settings(max_examples=100, deadline=None)
@given(diaries, st.integers(1, 60 * 24 * 6))
def test_a_moment_is_to_be_had_exactly_where_it_is_offered(drawn: tuple[datetime, Diary], minutes: int) -> None:
    now, book = drawn
    slots = list(book.free(now, now))
    assert all(book.has(slot, now) for slot in slots)
    anywhere = Slot(now + timedelta(minutes=minutes), now + timedelta(minutes=minutes) + book.slot)
    assert book.has(anywhere, now) == (anywhere in slots)
    for slot in slots:
        filled = Diary(
            book.calendar, book.posts, [*book.taken, *[(slot.starts, slot.ends)] * 3], book.slot, book.days, book.margin
        )
        assert not filled.has(slot, now)
        break


@pytest.mark.parametrize(
    ("day", "time", "fits"),
    [
        ("2026-11-24", "14:10", True),
        ("2026-11-24", "14:20", False),
        ("2026-11-24", "11:45", False),
        ("2026-11-24", "12:30", False),
        ("2026-11-24", "10:05", False),
        ("2026-11-24", "10:04", False),
        ("2026-12-08", "10:10", True),
        ("2026-12-09", "10:10", False),
    ],
    ids=["off the grid", "taken in part", "over closing", "lunch", "now", "past", "last day", "day after"],
)
def test_a_moment_off_the_grid_fits_where_it_lies_in_one_window_and_takes_nobodys_place(
    day: str, time: str, *, fits: bool
) -> None:
    now = brussels("2026-11-24", "10:05:00")
    other = brussels("2026-11-24", "14:45:00"), brussels("2026-11-24", "15:15:00")
    assert diary(now, taken=[other]).fits(half_hour(day, f"{time}:00"), now) is fits
