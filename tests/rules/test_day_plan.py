from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.day_plan import Expected, Post, Turn, turns
from models.vocabulary import Option

ALWAYS = [(0.0, 1e9)]
TWELVE = {Option.OUTAGE: 720.0, Option.QUESTION: 720.0}
MORNING_AND_AFTERNOON = [(0.0, 10_000.0), (20_000.0, 30_000.0)]


def post(agent_id: int = 1, free_at: float = 0.0, spells: Sequence[tuple[float, float]] = ALWAYS) -> Post:
    return Post(agent_id, free_at, spells)


def queue(*calls: tuple[float | None, int | None]) -> list[Expected]:
    """Calls 1, 2, 3 … in rank order, each as (not before, pinned to)."""
    return [Expected(n, n + 1, 2, not_before, pinned) for n, (not_before, pinned) in enumerate(calls)]


def told(plan: Sequence[Turn]) -> list[tuple[int, int, float]]:
    return [(turn.callback_id, turn.agent_id, turn.starts) for turn in plan]


def test_one_agent_takes_one_call_after_another() -> None:
    plan = list(turns([post()], queue((None, None), (None, None), (None, None)), TWELVE))
    assert told(plan) == [(1, 1, 0.0), (2, 1, 720.0), (3, 1, 1440.0)]
    assert [turn.ahead for turn in plan] == [0, 1, 2]


def test_the_next_call_goes_to_whoever_is_free_first() -> None:
    plan = turns([post(1, 500), post(2, 100)], queue((None, None), (None, None), (None, None)), TWELVE)
    assert told(list(plan)) == [(1, 2, 100), (2, 1, 500), (3, 2, 820)]


def test_an_outage_that_takes_longer_keeps_its_agent_longer() -> None:
    calls = [Expected(0, 1, 1), Expected(1, 2, 2), Expected(2, 3, 2)]
    plan = turns([post()], calls, {Option.OUTAGE: 3600.0, Option.QUESTION: 600.0})
    assert [turn.starts for turn in plan] == [0, 3600, 4200]


def test_no_call_begins_outside_a_spell_but_a_talk_may_run_past_its_end() -> None:
    plan = turns([post(free_at=9_999, spells=MORNING_AND_AFTERNOON)], queue((None, None), (None, None)), TWELVE)
    assert [turn.starts for turn in plan] == [9_999, 20_000]


def test_the_last_instant_of_a_spell_is_outside_it() -> None:
    (turn,) = turns([post(free_at=10_000, spells=MORNING_AND_AFTERNOON)], queue((None, None)), TWELVE)
    assert turn.starts == 20_000


def test_what_does_not_fit_into_anybodys_spells_is_not_foreseen() -> None:
    plan = turns([post(spells=[(0, 1_000)])], queue((None, None), (None, None), (None, None)), TWELVE)
    assert [turn.callback_id for turn in plan] == [1, 2]


def test_who_rests_is_passed_over_and_takes_his_place_when_he_wakes() -> None:
    plan = turns([post()], queue((1000.0, None), (None, None), (None, None), (None, None)), TWELVE)
    assert told(list(plan)) == [(2, 1, 0), (3, 1, 720), (1, 1, 1440), (4, 1, 2160)]


def test_an_idle_agent_waits_for_the_one_who_rests() -> None:
    plan = turns([post(1), post(2)], queue((5000.0, None)), TWELVE)
    assert [turn.starts for turn in plan] == [5000.0]


def test_a_call_pinned_to_an_agent_waits_for_him_at_its_rank() -> None:
    plan = turns([post(1, 300), post(2)], queue((None, 1), (None, None), (None, None)), TWELVE)
    assert told(list(plan)) == [(2, 2, 0), (1, 1, 300), (3, 2, 720)]


def test_a_call_pinned_to_nobody_on_duty_is_not_foreseen_and_stops_no_other() -> None:
    plan = turns([post(1)], queue((None, 9), (None, None)), TWELVE)
    assert [turn.callback_id for turn in plan] == [2]


@pytest.mark.parametrize("posts", [[], [post(spells=[])]])
def test_with_nobody_on_duty_nothing_is_foreseen(posts: list[Post]) -> None:
    assert list(turns(posts, queue((None, None)), TWELVE)) == []


spells = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 20)), max_size=4).map(
    lambda gaps: [
        (
            float(1000 * (sum(a + b for a, b in gaps[:n]) + gap)),
            float(1000 * (sum(a + b for a, b in gaps[:n]) + gap + n1)),
        )
        for n, (gap, n1) in enumerate(gaps)
    ],
)
agents = st.lists(st.tuples(st.integers(0, 60_000), spells), max_size=4).map(
    lambda rows: [Post(n, float(free), his) for n, (free, his) in enumerate(rows)],
)
calls = st.lists(
    st.tuples(st.sampled_from([1, 2]), st.none() | st.integers(0, 60_000).map(float), st.none() | st.integers(0, 4)),
    max_size=12,
).map(lambda rows: [Expected(n, n, *row) for n, row in enumerate(rows)])


@given(agents, calls)
def test_no_agent_is_in_two_calls_and_nobody_is_called_twice_or_too_early(
    posts: list[Post], waiting: list[Expected]
) -> None:
    lengths = {Option.OUTAGE: 1800.0, Option.QUESTION: 700.0}
    plan = list(turns(posts, waiting, lengths))
    assert len({turn.callback_id for turn in plan}) == len(plan)
    assert [turn.ahead for turn in plan] == list(range(len(plan)))
    assert [turn.starts for turn in plan] == sorted(turn.starts for turn in plan)
    busy_until: dict[int, float] = {}
    for turn in plan:
        call, agent = waiting[turn.callback_id], posts[turn.agent_id]
        assert turn.starts >= max(agent.free_at, busy_until.get(turn.agent_id, 0.0), call.not_before or 0.0)
        assert any(opens <= turn.starts < closes for opens, closes in agent.spells)
        assert call.pinned_id in {None, turn.agent_id}
        busy_until[turn.agent_id] = turn.starts + lengths[Option(turn.option)]


@given(agents, calls)
def test_nobody_is_called_while_one_before_him_could_be_called_by_the_same_agent(
    posts: list[Post], waiting: list[Expected]
) -> None:
    plan = list(turns(posts, waiting, TWELVE))
    begun = {turn.callback_id: turn.starts for turn in plan}
    for turn in plan:
        for call in waiting[: turn.callback_id]:
            could = call.pinned_id in {None, turn.agent_id} and (call.not_before or 0.0) <= turn.starts
            assert not could or begun.get(call.id, 1e12) <= turn.starts
