"""Alarms: each is told once, a step at a time, and is over when its cause is gone."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.errors import Rule, RuleRefused
from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.transitions import Cause, move_agent
from callbacks.workflows import alarming, deciding, emails, promising
from models.alarm import Alarm
from models.outbox import OutboxMail
from models.vocabulary import AgentState, AlarmKind, CallbackState, Language, LegStatus, MailKind, Option, Role, Subject
from tests.call_desk import CallDesk, brussels
from tests.stand_ins import RecordingMailer, add_agent

K = AlarmKind
LOOK = 5


@pytest.fixture
def els(desk: CallDesk) -> int:
    """A supervisor, who reads French."""
    with desk.services.database.write() as session:
        els = add_agent(session, desk.clock.at, name="Els", role=Role.SUPERVISOR, state=AgentState.OFF_DUTY)
        els.languages = "fr,nl"
        session.flush()
        return els.id


def looks(desk: CallDesk, seconds: int = 0) -> None:
    """Look now and every five seconds of the next so many."""
    alarming.look(desk.services)
    for _ in range(seconds // LOOK):
        desk.clock.move(seconds=LOOK)
        alarming.look(desk.services)


def rows(desk: CallDesk, table: Any = Alarm) -> list[Any]:
    with desk.services.database.read() as session:
        found = list(session.scalars(select(table).order_by(table.id)))
        session.expunge_all()
    return found


def only(desk: CallDesk) -> Alarm:
    (alarm,) = rows(desk)
    assert isinstance(alarm, Alarm)
    return alarm


def steps(desk: CallDesk) -> tuple[bool, bool, bool, bool]:
    alarm = only(desk)
    return tuple(at is not None for at in (alarm.raised_at, alarm.told_at, alarm.mailed_at, alarm.cleared_at))  # type: ignore[return-value]  # four of them


def promised_until_now(desk: CallDesk) -> int:
    """Somebody waits whose promise ends at this moment."""
    waiting = desk.waits(option=Option.QUESTION)
    with desk.services.database.write() as session:
        given = Range(desk.clock.at - timedelta(minutes=30), desk.clock.at)
        promises.give(session, waiting, given, Cause(desk.clock.at, "test", "promised"), told=True)
    return waiting


@pytest.mark.usefixtures("els")
def test_a_promise_past_is_told_to_agents_then_to_supervisors_then_by_mail_and_each_once(desk: CallDesk) -> None:
    promised_until_now(desk)
    looks(desk, 10)
    assert steps(desk) == (False, False, False, False)
    looks(desk, 5)
    assert steps(desk) == (True, False, False, False)
    looks(desk, 115)
    assert steps(desk) == (True, False, False, False)
    looks(desk, 5)
    assert steps(desk) == (True, True, False, False)
    assert rows(desk, OutboxMail) == []
    looks(desk, 480)
    assert steps(desk) == (True, True, True, False)
    looks(desk, 3600)
    (mail,) = rows(desk, OutboxMail)
    assert (mail.kind, mail.ticket_id, mail.language, mail.recipient) == (
        MailKind.ALARM, None, Language.FR, "els@accel.test",
    )  # fmt: skip
    assert mail.subject == "Alarme : Promesse dépassée"
    assert desk.history(Subject.ALARM, only(desk).id) == ["raised", "told", "mailed"]


@pytest.mark.usefixtures("els")
def test_the_mail_of_an_alarm_is_sent_though_it_has_no_ticket(desk: CallDesk) -> None:
    promised_until_now(desk)
    looks(desk, 630)
    mailer = desk.services.mailer
    assert isinstance(mailer, RecordingMailer)
    assert emails.send_due(desk.services) == 1
    assert (mailer.taken[0].recipient, mailer.taken[0].language) == ("els@accel.test", Language.FR)


def test_a_clock_that_was_wrong_for_one_look_alarms_nobody_and_leaves_no_trace(desk: CallDesk) -> None:
    right = desk.clock.at
    waiting = desk.waits(option=Option.OUTAGE)
    with desk.services.database.write() as session:
        given = Range(right, right + timedelta(hours=1))
        promises.give(session, waiting, given, Cause(right, "test", "promised"), told=True)
    looks(desk)
    desk.clock.at = right + timedelta(days=3)
    looks(desk)
    assert {each.kind for each in rows(desk)} >= {K.PROMISE_PAST, K.OUTAGE_WAITING}
    desk.clock.at = right
    looks(desk, 60)
    assert rows(desk) == []
    assert rows(desk, OutboxMail) == []


def test_a_clock_that_jumps_by_days_carries_no_alarm_up(desk: CallDesk) -> None:
    promised_until_now(desk)
    looks(desk, 15)
    assert steps(desk) == (True, False, False, False)
    desk.clock.at += timedelta(days=2)
    looks(desk)
    assert (rows(desk)[0].told_at, rows(desk)[0].mailed_at) == (None, None)


def test_a_clock_beyond_every_calendar_alarms_nobody(desk: CallDesk) -> None:
    promised_until_now(desk)
    desk.clock.at = desk.clock.at.replace(year=2190)
    looks(desk, 60)
    assert rows(desk) == []


def test_another_machine_counts_from_its_own_first_look(desk: CallDesk) -> None:
    promised_until_now(desk)
    looks(desk, 10)
    desk.change(Alarm, only(desk).id, since_boot="the machine before")
    looks(desk, 10)
    assert steps(desk) == (False, False, False, False)
    looks(desk, 5)
    assert steps(desk) == (True, False, False, False)


@pytest.mark.parametrize("ending", ["cancelled", "renewed", "rung"])
def test_a_past_promise_is_over_once_it_is_cancelled_renewed_or_its_customer_rung(desk: CallDesk, ending: str) -> None:
    waiting = promised_until_now(desk)
    looks(desk, 15)
    if ending == "cancelled":
        deciding.cancel(desk.services, desk.ticket(waiting).number, "opgelost", "Els")
    elif ending == "renewed":
        desk.agent()
        promising.review(desk.services)
        desk.clock.move(seconds=promising.PROOF_SECONDS)
        promising.review(desk.services)
    else:
        desk.agent()
        desk.ring()
        desk.connects()
    looks(desk)
    assert steps(desk) == (True, False, False, True)
    assert only(desk).cleared_by is None
    looks(desk, 1200)
    assert rows(desk, OutboxMail) == []


def test_an_outage_is_an_alarm_after_fifteen_open_minutes_and_lunch_is_none(desk: CallDesk) -> None:
    desk.clock.at = brussels("2026-11-24", "11:50:00")
    desk.waits(option=Option.OUTAGE)
    desk.clock.at = brussels("2026-11-24", "13:04:30")
    looks(desk, 25)
    assert rows(desk) == []
    looks(desk, 25)
    assert (only(desk).kind, steps(desk)) == (K.OUTAGE_WAITING, (True, False, False, False))


def test_a_question_may_wait_longer(desk: CallDesk) -> None:
    desk.waits(option=Option.QUESTION)
    desk.clock.move(hours=1)
    looks(desk, 60)
    assert rows(desk) == []


def test_an_outage_whose_agent_declines_has_not_been_taken_and_one_he_accepts_has(desk: CallDesk) -> None:
    outage = desk.waits(option=Option.OUTAGE)
    desk.clock.move(minutes=20)
    looks(desk, 15)
    desk.agent()
    desk.ring()
    assert desk.state(outage) is CallbackState.ACTIVE
    looks(desk)
    assert steps(desk) == (True, False, False, False)
    desk.answers()
    desk.declines()
    looks(desk)
    assert desk.state(outage) is CallbackState.WAITING
    assert steps(desk) == (True, False, False, False)
    desk.agent(name="Cem")
    desk.ring()
    desk.connects()
    looks(desk)
    assert steps(desk) == (True, False, False, True)


@pytest.mark.usefixtures("els")
def test_an_outage_at_night_is_on_every_page_and_in_the_mail_at_once_and_over_when_the_desk_opens(
    desk: CallDesk,
) -> None:
    desk.clock.at = brussels("2026-11-24", "22:00:00")
    desk.waits(option=Option.OUTAGE)
    desk.waits(option=Option.QUESTION)
    looks(desk, 15)
    assert (only(desk).kind, steps(desk)) == (K.OUTAGE_CLOSED, (True, True, True, False))
    assert len(rows(desk, OutboxMail)) == 1
    desk.clock.at = brussels("2026-11-25", "09:00:00")
    looks(desk)
    assert steps(desk) == (True, True, True, True)


@pytest.mark.usefixtures("els")
def test_a_bad_night_is_a_few_mails_that_name_everything(desk: CallDesk) -> None:
    desk.clock.at = brussels("2026-11-24", "22:00:00")
    desk.waits(option=Option.OUTAGE)
    looks(desk, 15)
    for _ in range(3):
        desk.waits(option=Option.OUTAGE)
    looks(desk, 590)
    assert len(rows(desk, OutboxMail)) == 1
    looks(desk, 30)
    first, second = rows(desk, OutboxMail)
    assert "10001" in first.body_text
    assert all(str(number) in second.body_text for number in (10002, 10003, 10004))
    assert second.subject == "Alarme : 3 signalements"


def test_all_paused_is_an_alarm_until_one_of_them_is_back(desk: CallDesk) -> None:
    desk.agent(state=AgentState.PAUSED)
    cem = desk.agent(name="Cem", state=AgentState.WRAP_UP)
    desk.agent(name="Dora", state=AgentState.BREAK)
    looks(desk, 60)
    assert rows(desk) == []
    with desk.services.database.write() as session:
        move_agent(session, cem, {AgentState.WRAP_UP}, AgentState.OFF_DUTY, Cause(desk.clock.at, "Cem", "home"))
    looks(desk, 15)
    assert (only(desk).kind, steps(desk)) == (K.ALL_PAUSED, (True, False, False, False))
    with desk.services.database.write() as session:
        move_agent(session, cem, {AgentState.OFF_DUTY}, AgentState.FREE, Cause(desk.clock.at, "Cem", "back"))
    looks(desk)
    assert steps(desk) == (True, False, False, True)


@pytest.mark.parametrize("state", [AgentState.OFF_DUTY, AgentState.BREAK])
def test_a_desk_where_nobody_is_paused_alarms_nobody(desk: CallDesk, state: AgentState) -> None:
    desk.agent(state=state)
    looks(desk, 60)
    assert rows(desk) == []


def test_what_a_supervisor_has_seen_is_never_told_again(desk: CallDesk) -> None:
    promised_until_now(desk)
    looks(desk, 135)
    alarming.seen(desk.services, only(desk).id, "Els")
    assert only(desk).cleared_by == "Els"
    with pytest.raises(RuleRefused) as refused:
        alarming.seen(desk.services, only(desk).id, "Els")
    assert refused.value.rule is Rule.ALARM_OVER
    looks(desk, 1200)
    assert len(rows(desk)) == 1
    assert rows(desk, OutboxMail) == []


def test_the_clock_looks_by_itself(desk: CallDesk) -> None:
    promised_until_now(desk)
    for _ in range(4):
        desk.tick()
        desk.clock.move(seconds=LOOK)
    assert only(desk).raised_at is not None


@pytest.mark.usefixtures("els")
def test_of_a_flood_each_is_shown_before_it_is_mailed_and_none_is_left_out(desk: CallDesk) -> None:
    desk.clock.at = brussels("2026-11-24", "22:00:00")
    for _ in range(alarming.BATCH + 5):
        desk.waits(option=Option.OUTAGE)
    looks(desk, 15)
    assert sum(alarm.told_at is not None for alarm in rows(desk)) == alarming.BATCH
    looks(desk, 5)
    assert all(alarm.told_at for alarm in rows(desk))
    looks(desk, 600)
    assert all(alarm.mailed_at for alarm in rows(desk))
    assert len(rows(desk, OutboxMail)) == 2


def test_whatever_goes_wrong_with_the_alarms_the_clock_goes_on(
    desk: CallDesk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_services: object) -> None:
        message = "no alarms today"
        raise OSError(message)

    monkeypatch.setattr(alarming, "look", breaks)
    resting = desk.waits(state=CallbackState.RESTING, not_before=desk.clock.at)
    desk.tick()
    assert desk.state(resting) is CallbackState.WAITING
    assert "no alarms today" in caplog.text


def test_a_past_promise_goes_on_being_told_while_an_agent_is_rung_and_nobody_takes_it(desk: CallDesk) -> None:
    waiting = promised_until_now(desk)
    looks(desk, 15)
    desk.agent()
    desk.ring()
    assert desk.state(waiting) is CallbackState.ACTIVE
    looks(desk)
    assert steps(desk) == (True, False, False, False)
    desk.agent_leg(LegStatus.NO_ANSWER)
    looks(desk, 120)
    assert steps(desk) == (True, True, False, False)
