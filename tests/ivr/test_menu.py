"""The greeting and the menu, in the caller's terms."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from models.callback import Callback, CallLeg
from models.customer import Contact
from models.history import History
from models.outbox import OutboxMail
from models.sessions import Database
from models.ticket import MissedCall, Ticket
from models.vocabulary import CallbackState, Language, LegKind, LegStatus, Option, Subject

Caller = Callable[..., Any]


def test_a_caller_hears_the_service_and_both_choices(caller: Caller, kept: Any) -> None:
    call = caller().dials_in()
    assert call.heard.startswith("Welkom bij de Service Desk van Accel. Ligt uw bedrijf stil")
    assert "Druk 1" in call.heard
    assert "Druk 2" in call.heard
    (leg,) = kept(CallLeg)
    assert (leg.kind, leg.number, leg.status, leg.language) == (
        LegKind.INBOUND,
        "+32470123456",
        LegStatus.IN_PROGRESS,
        Language.NL,
    )


def test_every_sentence_can_be_interrupted_by_the_key_it_asks_for(caller: Caller) -> None:
    document = caller().dials_in().document
    assert [child.tag for child in document] == ["Gather", "Redirect"]
    assert document[0].get("finishOnKey") == ""
    assert document[0].get("action") == document[1].text == "https://desk.example/voice/menu?round=1"


@pytest.mark.parametrize(("key", "option"), [("1", Option.OUTAGE), ("2", Option.QUESTION)])
def test_the_key_is_kept_before_anything_is_said(caller: Caller, kept: Any, key: str, option: Option) -> None:
    call = caller().dials_in().presses(key)
    callback, ticket = kept.callback, kept.ticket
    assert callback.state is CallbackState.HELD
    assert (callback.option, callback.number, callback.number_confirmed) == (option, "+32470123456", False)
    assert (callback.inbound_sid, callback.ticket_id, callback.promise_from) == (call.sid, ticket.id, None)
    assert (ticket.number, ticket.option) == (10001, option)
    assert {(row.subject, row.new_state) for row in kept(History)} == {
        (Subject.TICKET, "open"),
        (Subject.CALLBACK, "held"),
    }
    assert "0 4 7 0, 1 2, 3 4, 5 6" in call.heard


def test_the_subject_is_in_the_callers_language(caller: Caller, kept: Any) -> None:
    caller().dials_in().presses("8").presses("1")
    assert kept.ticket.subject == "Panne urgente, signalée à la hotline"
    assert kept.ticket.language is kept.callback.language is Language.FR


def test_the_same_key_told_again_changes_nothing_and_gets_the_same_answer(caller: Caller, kept: Any) -> None:
    call = caller().dials_in()
    url = call.gather.get("action")
    first = call.asks(url, Digits="1").answer.data
    before = [(row.id, row.new_state) for row in kept(History)]
    assert call.asks(url, Digits="1").answer.data == first
    assert call.asks(url, Digits="2").answer.data == first
    assert kept.callback.option is Option.OUTAGE
    assert [(row.id, row.new_state) for row in kept(History)] == before


def test_two_calls_make_two_tickets(caller: Caller, kept: Any) -> None:
    caller().dials_in().presses("1")
    caller().dials_in().presses("2").presses("1")
    assert [ticket.number for ticket in kept(Ticket)] == [10001, 10002]


@pytest.mark.parametrize("keys", ["", "*", "5", "0", "12", "#"])
def test_three_rounds_without_a_choice_end_politely_on_the_missed_list(caller: Caller, kept: Any, keys: str) -> None:
    call = caller().dials_in()
    for _ in range(2):
        call.presses(keys)
        assert call.heard.startswith("Ligt uw bedrijf stil")
    call.presses(keys)
    assert call.heard.startswith("We hebben geen keuze ontvangen")
    assert kept(Callback) == []
    (missed,) = kept(MissedCall)
    assert (missed.call_sid, missed.number) == (call.sid, "+32470123456")
    call.goes_on()
    assert [child.tag for child in call.document] == ["Hangup"]
    call.hangs_up()
    assert len(kept(MissedCall)) == 1


def test_an_exchange_that_falls_through_the_gather_counts_rounds_too(caller: Caller) -> None:
    call = caller().dials_in()
    for _ in range(3):
        call.goes_on()
    assert call.heard.startswith("We hebben geen keuze ontvangen")


def test_a_key_after_two_silent_rounds_still_counts(caller: Caller, kept: Any) -> None:
    caller().dials_in().is_silent().presses("*").presses("2")
    assert kept.callback.option is Option.QUESTION


def test_each_language_is_offered_by_its_own_voice_and_the_spoken_one_is_not(caller: Caller) -> None:
    call = caller().dials_in()
    assert "tapez 8" in call.heard
    assert "press 9" in call.heard
    assert call.voices == ["Polly.Lisa-Neural"] * 2 + ["Polly.Isabelle-Neural", "Polly.Amy-Neural"]
    call.presses("9")
    assert call.heard.startswith("Has an outage stopped your business")
    assert "press 9" not in call.heard
    assert "druk 7" in call.heard
    assert call.voices[0] == "Polly.Amy-Neural"


def test_changing_the_language_takes_no_round_and_can_be_taken_back(caller: Caller, kept: Any) -> None:
    call = caller().dials_in()
    for keys, words in (("8", "Une panne"), ("9", "Has an outage"), ("8", "Une panne"), ("7", "Ligt uw bedrijf")):
        call.presses(keys)
        assert call.heard.startswith(words), keys
    call.is_silent().is_silent()
    assert call.heard.startswith("Ligt uw bedrijf")
    call.presses("1")
    assert kept.callback.language is Language.NL


def test_a_language_key_told_again_later_does_not_change_the_language_back(caller: Caller, kept: Any) -> None:
    call = caller().dials_in()
    first = call.gather.get("action")
    call.presses("8").presses("9")
    call.asks(first, Digits="8")
    assert kept(CallLeg)[0].language is Language.EN


@pytest.mark.usefixtures("people")
def test_a_known_contact_is_spoken_to_in_his_language_and_stands_on_the_ticket(
    caller: Caller, kept: Any, database: Database
) -> None:
    call = caller("+32475111111").dials_in()
    assert call.heard.startswith("Service desk Accel, bonjour.")
    call.presses("1")
    with database.read() as session:
        luc = session.execute(select(Contact.id, Contact.customer_id).where(Contact.name == "Luc")).one()
    assert (kept.ticket.contact_id, kept.ticket.customer_id) == (luc.id, luc.customer_id)


@pytest.mark.usefixtures("people")
def test_a_switchboard_tells_the_company_but_not_who(caller: Caller, kept: Any) -> None:
    caller("+3233445566").dials_in().presses("1")
    assert kept.ticket.customer_id is not None
    assert kept.ticket.contact_id is None


@pytest.mark.usefixtures("people")
def test_a_number_of_two_companies_tells_nobody(caller: Caller, kept: Any) -> None:
    caller("+3225550000").dials_in().presses("1")
    assert (kept.ticket.customer_id, kept.ticket.contact_id) == (None, None)


@pytest.mark.usefixtures("people")
def test_rank_is_open_time_at_arrival_less_the_head_start(caller: Caller, kept: Any) -> None:
    for number, keys in (("+32475111111", "1"), ("+32470123456", "1"), ("+32475111111", "22"), ("+32470123456", "22")):
        call = caller(number).dials_in()
        for key in keys:  # the first, of who rings again: something new
            call.presses(key)
    ranks = [callback.rank for callback in sorted(kept(Callback), key=lambda each: each.id)]
    assert [rank - ranks[3] for rank in ranks] == [-75600, -50400, -25200, 0]


CLOSED = {
    "Monday before nine": (datetime(2026, 11, 23, 7, 59, 59, tzinfo=UTC), "deze voormiddag vanaf negen uur"),
    "evening": (datetime(2026, 11, 24, 16, 0, tzinfo=UTC), "morgen vanaf negen uur"),
    "Friday evening": (datetime(2026, 11, 27, 16, 0, tzinfo=UTC), "maandag vanaf negen uur"),
    "Sunday night": (datetime(2026, 11, 29, 23, 30, tzinfo=UTC), "vanaf negen uur"),
    "Christmas": (datetime(2026, 12, 25, 9, 0, tzinfo=UTC), "maandag vanaf negen uur"),
}


@pytest.mark.parametrize("moment", CLOSED)
def test_while_closed_one_notice_says_from_when_and_the_menu_is_the_same(
    caller: Caller, clock: Any, kept: Any, moment: str
) -> None:
    clock.at, when = CLOSED[moment]
    call = caller().dials_in()
    assert "nu gesloten" in call.heard
    assert when in call.heard
    assert call.heard.count("bellen u") == 1
    call.is_silent()
    assert "nu gesloten" not in call.heard
    call.presses("1").presses("1")
    assert when in call.heard
    assert kept.ticket.number == 10001


def test_at_lunch_the_notice_says_until_when_and_the_farewell_from_when_we_call(caller: Caller, clock: Any) -> None:
    clock.at = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    call = caller().dials_in()
    assert "We hebben middagpauze tot één uur." in call.heard
    assert "bellen u" not in call.heard
    call.presses("1").presses("1")
    assert "We bellen u deze namiddag vanaf één uur terug." in call.heard


def test_in_open_hours_nothing_is_said_of_hours(caller: Caller) -> None:
    assert "gesloten" not in caller().dials_in().heard


def test_in_the_last_minutes_of_a_window_the_next_one_is_promised(caller: Caller, clock: Any) -> None:
    clock.at = datetime(2026, 11, 24, 10, 58, tzinfo=UTC)
    assert "gesloten" not in caller().dials_in().heard
    assert "deze namiddag vanaf één uur" in caller().dials_in().presses("1").presses("1").heard
    clock.at = datetime(2026, 11, 24, 10, 57, 59, tzinfo=UTC)
    assert "zodra een medewerker vrij is" in caller("+32470123457").dials_in().presses("1").presses("1").heard


def test_a_clock_far_off_keeps_the_line_open_and_names_no_time(caller: Caller, clock: Any) -> None:
    clock.at = datetime(2190, 1, 1, tzinfo=UTC)
    assert "zodra we weer open zijn" in caller().dials_in().heard


@pytest.mark.parametrize(
    "query", ["", "?round=", "?round=zz", "?round=-1", "?round=9999999999999999999999999999999999", "?round=%C2%B2"]
)
def test_a_lost_or_foreign_round_never_stops_a_call(caller: Caller, kept: Any, query: str) -> None:
    call = caller().dials_in()
    call.asks(f"/voice/menu{query}", Digits="1")
    assert "Klopt dat" in call.heard
    assert kept.ticket.number == 10001


def test_a_key_on_a_line_never_heard_of_is_kept(caller: Caller, kept: Any) -> None:
    call = caller().asks("/voice/menu?round=1", Digits="1")
    assert "0 4 7 0" in call.heard
    assert kept.callback.inbound_sid == call.sid


def test_nothing_is_mailed_to_an_unknown_caller(caller: Caller, database: Database) -> None:
    call = caller().dials_in().presses("1").presses("1")
    assert "mail" not in call.heard
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
