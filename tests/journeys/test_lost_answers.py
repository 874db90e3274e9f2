"""An answer is lost after somebody acted: no telephone rings twice for it, and no customer is forgotten."""

from typing import Any

import pytest

from models.vocabulary import AttemptState, CallbackState, CustomerOutcome
from tests.journeys.desk import Desk
from tests.journeys.kinds import in_turn, on
from tests.journeys.phones import Line, Person
from tests.journeys.stories import asks_to_be_called, talk_and_solve
from tests.journeys.watching import until

TO_THE_AGENT = {"Direction": "outbound-api"}


@in_turn(
    "do, how",
    never_comes=("lose-answer", {}),
    breaks_off=("garble", {}),
    names_no_call=("garble", {"text": "{}"}),
    is_a_server_error=("refuse-after", {"code": 20500}),
    is_a_proxys_page=("refuse-after", {"status": 503}),
)
def test_the_agent_is_rung_once_and_the_customer_called_once_when_the_answer(
    desk: Desk, do: str, how: dict[str, Any]
) -> None:
    desk.goes_wrong("status-callback", "lose", TO_THE_AGENT)
    desk.goes_wrong("create", do, times=1, **how)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung()
    # Nobody has picked up, no callback comes: only the list of calls can have told.
    desk.callback_is(CallbackState.ACTIVE)
    desk.works_again()
    is_accepted_and_talked(whisper.answers(), peeters)
    one_try(desk)


@on("sqlite")
def test_while_the_list_of_calls_lags_the_agent_who_picks_up_ends_the_doubt(desk: Desk) -> None:
    desk.goes_wrong("status-callback", "lose", TO_THE_AGENT)
    desk.goes_wrong("create", "lose-answer", times=1)
    desk.goes_wrong("list", "hide")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung()
    in_doubt(desk)
    desk.watcher.has_looked("upkeep")
    assert desk.callback().state is CallbackState.PREPARING, "an empty list proves nothing yet"
    desk.works_again()
    is_accepted_and_talked(whisper.answers(), peeters)
    one_try(desk)


@in_turn("how", is_cut_off=({},), is_answered_503=({"status": 503},))
def test_a_request_that_seems_lost_is_not_sent_again_and_rings_once_when_it_comes_through_late_after_it(
    desk: Desk, how: dict[str, Any]
) -> None:
    desk.goes_wrong("create", "act-late", times=1, **how)
    peeters, maes = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes")
    sofie = desk.agent("Sofie Claes")
    asks_to_be_called(peeters)
    in_doubt(desk)
    bart = desk.agent("Bart Wouters")
    for kind in ("clock", "dispatch", "dial", "upkeep"):
        desk.watcher.has_looked(kind)
    desk.nothing_unexpected_rang()
    asks_to_be_called(maes)
    talk_and_solve(desk, bart, maes, seconds=5)
    desk.works_again()
    talk_and_solve(desk, sofie, peeters, seconds=5)
    one_try(desk)


@pytest.mark.slow
@on("postgresql")
def test_an_answer_later_than_anybody_waits_for_it_changes_nothing(desk: Desk) -> None:
    desk.goes_wrong("status-callback", "lose", TO_THE_AGENT)
    desk.goes_wrong("create", "delay-answer", times=1)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    # Ten seconds of a real read time-out, then the list is asked for; nothing else can tell.
    desk.callback_is(CallbackState.ACTIVE)
    desk.works_again()
    talk_and_solve(desk, sofie, peeters)
    one_try(desk)


def test_the_answer_that_dials_the_customer_is_lost_and_his_phone_rings_once(desk: Desk) -> None:
    desk.goes_wrong("gather-action", "lose-answer", {"Digits": "1", **TO_THE_AGENT}, times=1)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    whisper = sofie.is_rung().answers().hears("Aannemen").presses("1")
    # The network asks at the fallback address; it is the agent's own again.
    is_accepted_and_talked(whisper, peeters)
    one_try(desk)


@on("sqlite")
def test_a_customer_whom_a_lost_document_never_rang_is_called_again(desk: Desk) -> None:
    desk.goes_wrong("gather-action", "lose-answer", {"Digits": "1", **TO_THE_AGENT}, times=1)
    desk.goes_wrong("twiml", "lose", {"ErrorCode": "11200"}, times=1)
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    sofie.is_rung().answers().hears("Aannemen").presses("1").hears("application error").ends()
    desk.passes(seconds=121)
    desk.watcher.has_looked("upkeep")
    talk_and_solve(desk, sofie, peeters)
    outcomes = [attempt.customer_outcome for attempt in desk.callback().attempts]
    assert outcomes == [CustomerOutcome.NOT_DIALLED, CustomerOutcome.BRIDGED]


def in_doubt(desk: Desk) -> None:
    def states() -> list[AttemptState]:
        return [attempt.state for row in desk.callbacks() for attempt in row.attempts]

    until("nobody knows whether a phone rings", lambda: AttemptState.UNKNOWN in states())


def is_accepted_and_talked(whisper: Line, customer: Person) -> None:
    whisper.hears("Aannemen").presses("1")
    talk = customer.is_rung().answers().is_joined_with(whisper)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").ends()


def one_try(desk: Desk) -> None:
    desk.callback_is(CallbackState.DONE)
    assert [attempt.customer_outcome for attempt in desk.callbacks()[0].attempts] == [CustomerOutcome.BRIDGED]
