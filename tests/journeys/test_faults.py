"""Processes die, Redis forgets, the mail server hangs: every call-back still ends once, and no phone rings twice."""

from models.vocabulary import AttemptState, CallbackState
from tests.journeys.desk import Desk
from tests.journeys.stories import are_joined, asks_to_be_called, talk_and_solve
from tests.journeys.watching import until


def test_all_workers_killed_during_a_talk_are_started_again_and_the_next_customer_is_called(desk: Desk) -> None:
    desk.trouble_expected = True
    peeters, maes, sofie = desk.customer(), desk.customer("Drukkerij Maes", contact="Jef Maes"), desk.agent()
    asks_to_be_called(peeters)
    whisper, talk = are_joined(sofie, peeters)
    desk.stack.kills(desk.stack.processes(" worker "))
    desk.passes(seconds=70)
    talk.hangs_up()
    whisper.hears("afgelopen").presses("1").hears("gesloten").ends()
    assert desk.ticket_is("closed").minutes_worked == 2
    asks_to_be_called(maes)
    talk_and_solve(desk, sofie, maes)
    desk.mail_about("afgesloten", n=2)


def test_a_worker_killed_between_request_and_answer_has_rung_the_agent_once(desk: Desk) -> None:
    desk.trouble_expected = True
    peeters, sofie = desk.customer(), desk.agent()
    desk.goes_off_duty(sofie)
    asks_to_be_called(peeters)
    with desk.stack.frozen(desk.stack.network_process):
        desk.comes_on_duty(sofie)
        until("the request is under way", lambda: _attempt_is(desk, AttemptState.SENDING))
        desk.stack.kills(desk.stack.processes(" worker dial"))
    talk_and_solve(desk, sofie, peeters)
    assert len(desk.callback_is(CallbackState.DONE).attempts) == 1


def test_the_web_process_killed_during_a_talk_the_end_of_it_is_found_out_by_asking(desk: Desk) -> None:
    desk.trouble_expected = True
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    _whisper, talk = are_joined(sofie, peeters)
    desk.passes(seconds=100)
    # It takes seconds to start again; the end of the talk is told to nobody.
    desk.stack.kills(desk.stack.processes("gunicorn"))
    desk.stack.telephones.hangs_up(talk.sid)
    talk.is_reported()
    desk.stack.answers_again()
    desk.passes(seconds=70)
    desk.watcher.has_looked("upkeep")
    until("the end is found out", lambda: desk.callback().state is not CallbackState.ACTIVE)
    desk.passes(minutes=3)
    assert desk.callback_is(CallbackState.DONE).attempts[0].talk_seconds in range(100, 130)
    desk.agent_is(sofie, "free")
    assert desk.ticket().minutes_worked in {2, 3}
    desk.nobody_is_rung()


def test_the_clock_killed_is_started_again_and_opens_the_window(desk: Desk) -> None:
    desk.trouble_expected = True
    desk.at("2026-11-24 08:59:00")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    desk.stack.kills(desk.stack.processes(" clock "))
    desk.at("2026-11-24 09:00:00")
    talk_and_solve(desk, sofie, peeters)


def test_a_flushed_redis_costs_seconds_and_no_call_back(desk: Desk) -> None:
    desk.trouble_expected = True
    desk.at("2026-11-24 08:59:00")
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    desk.stack.redis_forgets()
    desk.at("2026-11-24 09:00:00")
    desk.stack.redis_forgets()
    talk_and_solve(desk, sofie, peeters)
    desk.mail_about("afgesloten")


def test_a_mail_server_that_says_nothing_delays_mail_and_nothing_else(desk: Desk) -> None:
    desk.stack.post_office.falls_silent()
    peeters, sofie = desk.customer(), desk.agent()
    asks_to_be_called(peeters)
    until("the mail server keeps us waiting", lambda: desk.stack.post_office.kept_waiting)
    talk_and_solve(desk, sofie, peeters)
    assert desk.ticket_is("closed").minutes_worked == 2
    assert desk.stack.post_office.mails == []
    desk.stack.post_office.speaks_again()
    desk.watcher.has_looked("mail")
    desk.passes(minutes=2)
    desk.mail_about("afgesloten")
    desk.mail_about("geregistreerd")
    desk.watcher.has_looked("mail")
    assert len(desk.stack.post_office.mails) == 2


def _attempt_is(desk: Desk, state: AttemptState) -> bool:
    return any(attempt.state is state for row in desk.callbacks() for attempt in row.attempts)
