"""The network refuses a call, or keeps it in its queue: whose fault it is decides who is rung next, and when."""

from models.vocabulary import AttemptState, CallbackState
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn, on
from tests.journeys.stories import asks_to_be_called, is_taken_up, talk_and_solve
from tests.journeys.watching import until


@in_turn("times, tries", twice=(2, 1), more_often_than_is_worth_it=(5, 2))
def test_too_many_requests_are_waited_out_when_told(desk: Desk, times: int, tries: int) -> None:
    desk.goes_wrong("create", "refuse", code=20429, times=times)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    for n in range(1, times + 1):
        desk.has_gone_wrong(n)
        until("the request is put back", lambda: desk.callback().attempts[-1].state is not AttemptState.SENDING)
        # The pauses double; after five requests all dialling pauses for a minute.
        desk.passes(seconds=2**n + 1 if n < 5 else 61)
    talk_and_solve(desk, sofie, peeters)
    assert len(desk.callback().attempts) == tries


@in_turn("code", is_invalid=(21211,), cannot_be_reached=(21214,), is_blocked=(21216,))
def test_an_agent_is_paused_and_his_colleague_rung_when_the_network_says_that_his_number(desk: Desk, code: int) -> None:
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes")
    desk.goes_wrong("create", "refuse", {"To": sofie.number}, code=code)
    asks_to_be_called(peeters)
    desk.agent_is(sofie, "paused")
    assert desk.callback_is(CallbackState.WAITING).attempts[0].state is AttemptState.REJECTED
    desk.nobody_is_rung()
    talk_and_solve(desk, desk.agent("Bart Wouters"), peeters)


@in_turn("code, times", wrong_password=(20003, 2), not_our_number=(21210, 1), too_many_calls=(10004, 1))
def test_all_dialling_pauses_and_is_probed_once_a_minute_when_the_account_is_refused_for(
    desk: Desk, code: int, times: int
) -> None:
    desk.goes_wrong("create", "refuse", code=code, times=times)
    peeters, maes = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes")
    sofie, bart = desk.agent("Sofie Claes"), desk.agent("Bart Wouters")
    asks_to_be_called(peeters)
    for n in range(1, times + 1):
        desk.has_gone_wrong(n)
        desk.callback_is(CallbackState.WAITING)
        desk.nobody_is_rung()
        assert len(desk.callback().attempts) == n
        desk.passes(seconds=61)
    first, second = desk.rung_first((sofie, bart)), sofie
    second = bart if first is sofie else sofie
    is_taken_up(first, "Bakkerij Peeters", peeters)
    # The probe came through: the next customer waits for nothing.
    asks_to_be_called(maes)
    desk.callback_is(CallbackState.ACTIVE, n=1)
    talk_and_solve(desk, second, maes)


@on("postgresql")
def test_a_call_that_stays_in_the_networks_queue_is_cancelled_and_a_colleague_rung(desk: Desk) -> None:
    desk.goes_wrong("create", "queue", times=1)
    peeters, sofie = desk.customer(), desk.agent("Sofie Claes")
    asks_to_be_called(peeters)
    queued = sofie.is_called()
    desk.callback_is(CallbackState.ACTIVE)
    bart = desk.agent("Bart Wouters")
    desk.passes(seconds=11)
    desk.watcher.has_looked("upkeep")
    queued.ends("canceled")
    talk_and_solve(desk, bart, peeters)
    desk.agent_is(sofie, "free")
