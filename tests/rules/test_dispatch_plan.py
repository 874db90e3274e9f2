from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callbacks.rules.dispatch_plan import FreeAgent, Pair, WaitingCall, plan
from models.vocabulary import Language

MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def agent(number: int, *languages: Language, idle: int = 0) -> FreeAgent:
    return FreeAgent(number, frozenset(languages or (Language.NL,)), MORNING + timedelta(minutes=idle))


def call(number: int, language: Language = Language.NL, phone: str | None = None) -> WaitingCall:
    return WaitingCall(number, fence=number, number=phone or f"+3247000{number:04}", language=language)


def test_the_first_in_the_queue_gets_the_agent_who_has_been_idle_longest() -> None:
    agents = [agent(1, idle=20), agent(2, idle=5), agent(3, idle=10)]
    assert plan(agents, [call(7), call(8)], set()) == [Pair(7, 7, 2), Pair(8, 8, 3)]


def test_of_two_agents_idle_since_the_same_moment_it_is_always_the_same_one() -> None:
    assert plan([agent(2), agent(1)], [call(7)], set()) == plan([agent(1), agent(2)], [call(7)], set())


def test_an_agent_who_speaks_the_callers_language_comes_before_one_who_has_been_idle_longer() -> None:
    agents = [agent(1, Language.NL, idle=0), agent(2, Language.NL, Language.FR, idle=30)]
    assert plan(agents, [call(7, Language.FR)], set()) == [Pair(7, 7, 2)]


def test_without_anybody_who_speaks_it_the_caller_gets_whoever_is_there() -> None:
    assert plan([agent(1, Language.NL)], [call(7, Language.EN)], set()) == [Pair(7, 7, 1)]


def test_the_ticket_s_owner_comes_before_language_and_idleness() -> None:
    agents = [agent(1, Language.FR, idle=0), agent(2, Language.NL, idle=30)]
    assert plan(agents, [replace(call(7, Language.FR), owner_id=2)], set()) == [Pair(7, 7, 2)]


def test_an_owner_who_is_not_free_does_not_keep_the_customer_waiting() -> None:
    assert plan([agent(1)], [replace(call(7), owner_id=99)], set()) == [Pair(7, 7, 1)]


def test_a_pinned_call_back_waits_for_its_agent_while_the_next_one_goes() -> None:
    calls = [replace(call(7), pinned_id=99), call(8)]
    assert plan([agent(1)], calls, set()) == [Pair(8, 8, 1)]


def test_a_pinned_call_back_goes_to_its_agent_even_if_he_declined_it_a_moment_ago() -> None:
    pinned = replace(call(7), pinned_id=2, barred=frozenset({2}))
    assert plan([agent(1), agent(2)], [pinned], set()) == [Pair(7, 7, 2)]


def test_an_agent_who_declined_a_moment_ago_is_passed_over_for_this_one_only() -> None:
    calls = [replace(call(7), barred=frozenset({1})), call(8)]
    assert plan([agent(1)], calls, set()) == [Pair(8, 8, 1)]


def test_a_customer_who_is_on_a_call_of_ours_is_passed_over() -> None:
    assert plan([agent(1)], [call(7, phone="+3225550000"), call(8)], {"+3225550000"}) == [Pair(8, 8, 1)]


def test_two_problems_of_one_customer_are_never_dialled_at_the_same_time() -> None:
    calls = [call(7, phone="+3225550000"), call(8, phone="+3225550000"), call(9)]
    assert plan([agent(1), agent(2, idle=1)], calls, set()) == [Pair(7, 7, 1), Pair(9, 9, 2)]


# ---- The last free agent and an appointment


def appointment(number: int, phone: str | None = None) -> WaitingCall:
    return replace(call(number, phone=phone), yields=True)


def outage(number: int, phone: str | None = None) -> WaitingCall:
    return replace(call(number, phone=phone), outage=True)


def keeping_one(agents: list[FreeAgent], calls: list[WaitingCall], busy: set[str] | None = None) -> list[Pair]:
    return plan(agents, calls, busy or set(), last_agent_for_outage=True)


def test_the_last_free_agent_takes_the_outage_before_the_appointment() -> None:
    calls = [appointment(7), call(8), outage(9)]
    assert keeping_one([agent(1)], calls) == [Pair(9, 9, 1)]
    assert plan([agent(1)], calls, set()) == [Pair(7, 7, 1)]


def test_of_two_free_agents_the_first_takes_the_appointment_and_the_last_the_outage() -> None:
    calls = [appointment(7), appointment(8), outage(9), outage(10)]
    assert keeping_one([agent(1), agent(2, idle=1)], calls) == [Pair(7, 7, 1), Pair(9, 9, 2)]


def test_with_an_agent_for_each_the_appointments_keep_their_order() -> None:
    calls = [appointment(7), appointment(8), outage(9)]
    agents = [agent(1), agent(2, idle=1), agent(3, idle=2)]
    assert keeping_one(agents, calls) == [Pair(7, 7, 1), Pair(8, 8, 2), Pair(9, 9, 3)]


def test_an_outage_changes_nothing_for_those_without_an_appointment() -> None:
    assert keeping_one([agent(1)], [call(7), appointment(8), outage(9)]) == [Pair(7, 7, 1)]


def test_an_appointment_about_an_outage_goes_before_other_outages() -> None:
    assert keeping_one([agent(1)], [replace(appointment(7), outage=True), outage(8)]) == [Pair(7, 7, 1)]


def test_of_two_outages_the_first_in_the_queue_goes_first() -> None:
    assert keeping_one([agent(1)], [appointment(7), outage(9), outage(8)]) == [Pair(9, 9, 1)]


def test_an_outage_that_cannot_be_called_now_keeps_nobody_from_his_appointment() -> None:
    on_the_line = outage(8, phone="+3225550000")
    assert keeping_one([agent(1)], [appointment(7), on_the_line], {"+3225550000"}) == [Pair(7, 7, 1)]
    assert keeping_one([agent(1)], [appointment(7), replace(outage(8), barred=frozenset({1}))]) == [Pair(7, 7, 1)]
    assert keeping_one([agent(1)], [appointment(7), replace(outage(8), pinned_id=2)]) == [Pair(7, 7, 1)]


def test_an_outage_of_the_customer_who_is_being_called_is_no_reason_to_wait() -> None:
    calls = [call(6, phone="+3225550000"), appointment(7), outage(8, phone="+3225550000")]
    assert keeping_one([agent(1), agent(2, idle=1)], calls) == [Pair(6, 6, 1), Pair(7, 7, 2)]


def test_an_appointment_that_cannot_be_called_now_puts_no_outage_before_the_others() -> None:
    for away in (replace(appointment(7), barred=frozenset({1})), appointment(7, phone="+3225550000")):
        assert keeping_one([agent(1)], [away, call(8), outage(9)], {"+3225550000"}) == [Pair(8, 8, 1)]


def test_an_outage_of_his_own_goes_before_his_appointment() -> None:
    calls = [appointment(7, phone="+3225550000"), outage(9, phone="+3225550000")]
    assert keeping_one([agent(1)], calls) == [Pair(9, 9, 1)]


languages = st.sampled_from(Language)
some_agents = st.lists(
    st.builds(
        FreeAgent,
        id=st.integers(1, 6),
        languages=st.frozensets(languages, min_size=1),
        idle_since=st.integers(0, 5).map(lambda minutes: MORNING + timedelta(minutes=minutes)),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
)
some_calls = st.lists(
    st.builds(
        WaitingCall,
        id=st.integers(1, 30),
        fence=st.integers(0, 3),
        number=st.sampled_from([f"+324700000{n}" for n in range(5)]),
        language=languages,
        owner_id=st.none() | st.integers(1, 6),
        pinned_id=st.none() | st.integers(1, 8),
        barred=st.frozensets(st.integers(1, 6), max_size=3),
        outage=st.booleans(),
        yields=st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=10,
)
busy = st.sets(st.sampled_from([f"+324700000{n}" for n in range(5)]), max_size=2)


@given(some_agents, some_calls, busy, st.booleans())
def test_nobody_s_phone_rings_for_two_calls_and_no_bar_or_pin_is_broken(
    agents: list[FreeAgent],
    calls: list[WaitingCall],
    busy: set[str],
    keeps_one: bool,
) -> None:
    pairs = plan(agents, calls, busy, last_agent_for_outage=keeps_one)
    by_id = {one.id: one for one in calls}
    chosen = [by_id[pair.callback_id] for pair in pairs]
    assert len({pair.agent_id for pair in pairs}) == len(pairs)
    assert len({pair.callback_id for pair in pairs}) == len(pairs)
    assert len({one.number for one in chosen}) == len(pairs)
    assert not {one.number for one in chosen} & busy
    for pair, one in zip(pairs, chosen, strict=True):
        assert pair.fence == one.fence
        assert pair.agent_id in {each.id for each in agents}
        assert one.pinned_id in {None, pair.agent_id}
        assert one.pinned_id is not None or pair.agent_id not in one.barred


@given(some_agents, some_calls, busy, st.booleans())
def test_whoever_is_left_waiting_could_not_have_been_called_by_anybody_left_free(
    agents: list[FreeAgent],
    calls: list[WaitingCall],
    busy: set[str],
    keeps_one: bool,
) -> None:
    pairs = plan(agents, calls, busy, last_agent_for_outage=keeps_one)
    ringing = busy | {one.number for one in calls if one.id in {pair.callback_id for pair in pairs}}
    left_free = {one.id for one in agents} - {pair.agent_id for pair in pairs}
    for one in calls:
        if one.id in {pair.callback_id for pair in pairs} or one.number in ringing:
            continue
        could = left_free & {one.pinned_id} if one.pinned_id is not None else left_free - one.barred
        assert not could


@given(some_agents, some_calls, busy)
def test_an_outage_kept_an_agent_for_is_the_only_thing_that_changes(
    agents: list[FreeAgent],
    calls: list[WaitingCall],
    busy: set[str],
) -> None:
    usual, kept = plan(agents, calls, busy), keeping_one(agents, calls, busy)
    assert len(usual) == len(kept)
    assert usual[:-1] == kept[:-1]
    if usual != kept:
        by_id = {one.id: one for one in calls}
        assert by_id[usual[-1].callback_id].yields
        assert by_id[kept[-1].callback_id].outage
