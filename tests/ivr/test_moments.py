"""Choosing another moment by keypad: nothing is said to be his before it is, and what goes wrong changes nothing."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from callbacks.workflows import booking
from models.agent import Agent
from models.callback import Callback, CallLeg, Promise
from models.customer import Contact
from models.outbox import OutboxMail
from models.sessions import Database
from models.vocabulary import AgentState, Language, MailKind

Caller = Callable[..., Any]
LUC = "+32475111111"
THURSDAY_EVENING = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
WORDS = {
    Language.NL: {
        "offer": "Voor morgen tussen negen uur en half tien, druk 1. Tussen half tien en tien uur, druk 2. "
        "Tussen tien uur en half elf, druk 3. Andere momenten: druk 9. Blijft het zoals het was: druk 0.",
        "later": "Voor morgen tussen half elf en elf uur, druk 1.",
        "booked": "Goed, we bellen u morgen tussen half tien en tien uur.",
        "stays": "Het blijft zoals het was. We bellen u morgen terug, tussen negen uur en half tien.",
        "mailed": "Vrijdag 27 november, tussen 9.30 en 10 uur",
        "gone": "Dat moment is niet meer vrij.",
        "none": "Er is nu geen ander moment vrij.",
        "no_later": "Later is er niets meer vrij. We beginnen opnieuw.",
    },
    Language.FR: {
        "offer": "Pour demain entre neuf heures et neuf heures trente, tapez 1. "
        "Entre neuf heures trente et dix heures, tapez 2. Entre dix heures et dix heures trente, tapez 3. "
        "D'autres moments : tapez 9. Pour ne rien changer : tapez 0.",
        "later": "Pour demain entre dix heures trente et onze heures, tapez 1.",
        "booked": "C'est noté, nous vous appelons demain entre neuf heures trente et dix heures.",
        "stays": "Rien ne change. Nous vous rappelons demain, entre neuf heures et neuf heures trente.",
        "mailed": "Vendredi 27 novembre, entre 9 h 30 et 10 h",
        "gone": "Ce moment n'est plus libre.",
        "none": "Aucun autre moment n'est libre pour l'instant.",
        "no_later": "Il n'y a plus rien de libre ensuite. Nous reprenons au début.",
    },
    Language.EN: {
        "offer": "To be called tomorrow between nine and half past nine, press 1. Between half past nine and ten, "
        "press 2. Between ten and half past ten, press 3. Other times: press 9. To leave it as it was: press 0.",
        "later": "To be called tomorrow between half past ten and eleven, press 1.",
        "booked": "Right, we'll call you tomorrow between half past nine and ten.",
        "stays": "It stays as it was. We'll call you tomorrow, between nine and half past nine.",
        "mailed": "Friday 27 November, between 9:30 and 10:00",
        "gone": "That time is no longer free.",
        "none": "No other time is free at the moment.",
        "no_later": "There is nothing free after that. We'll start again.",
    },
}


@pytest.fixture(params=list(Language), ids=list(Language))
def words(request: pytest.FixtureRequest, database: Database, people: None, clock: Any) -> dict[str, str]:
    """Thursday evening, when everybody speaks this language; what they hear in it."""
    del people
    clock.at = THURSDAY_EVENING
    with database.write() as session:
        session.execute(update(Contact).values(language=request.param))
    return WORDS[request.param]


@pytest.fixture
def asking(caller: Caller, words: dict[str, str]) -> Any:
    """Luc, to whom moments are being read out."""
    del words
    return caller(LUC).dials_in().presses("1").presses("1").presses("9")


def chosen(kept: Any) -> tuple[str, str] | None:
    row = kept(Callback)[0]
    return (f"{row.booked_from:%d %H:%M}", f"{row.booked_to:%d %H:%M}") if row.booked_from else None


def ends(call: Any) -> bool:
    return call.document.find("Gather") is None and call.document[-1].text == "https://desk.example/voice/bye"


def test_three_free_moments_are_read_out_and_their_day_is_named_once(asking: Any, words: dict[str, str]) -> None:
    assert asking.heard == words["offer"]


def test_a_key_takes_its_moment_and_it_is_said_and_mailed_once_it_is_kept(
    asking: Any, words: dict[str, str], kept: Any, bell: Any
) -> None:
    bell.rung.clear()
    assert asking.presses("2").heard == words["booked"]
    assert ends(asking)
    assert chosen(kept) == ("27 08:30", "27 09:00")
    (stands,) = [row for row in kept(Promise) if row.result is None]
    assert (stands.starts, stands.ends, stands.told) == (kept.callback.booked_from, kept.callback.booked_to, True)
    (mail,) = [row for row in kept(OutboxMail) if row.kind is MailKind.BOOKING]
    assert words["mailed"] in mail.body_text
    assert "mail" in bell.rung


def test_the_same_key_told_again_says_the_same_and_writes_no_second_mail(asking: Any, kept: Any) -> None:
    address = asking.gather.get("action")
    said = asking.presses("2").answer.data
    assert asking.asks(address, Digits="2").answer.data == said
    assert len([row for row in kept(OutboxMail) if row.kind is MailKind.BOOKING]) == 1


def test_a_key_means_what_was_read_out_though_others_are_free_by_now(
    asking: Any, words: dict[str, str], caller: Caller, clock: Any
) -> None:
    clock.move(minutes=1)
    other = caller("+32475999000").dials_in().presses("1").presses("1").presses("9")
    other.presses("1")
    assert asking.presses("2").heard == words["booked"]


def test_key_9_reads_out_later_ones_and_after_the_last_it_begins_anew(asking: Any, words: dict[str, str]) -> None:
    assert asking.presses("9").heard.startswith(words["later"])
    for _ in range(100):
        if asking.presses("9").heard.startswith(words["no_later"]):
            assert asking.heard.endswith(words["offer"])
            return
        if ends(asking):
            assert asking.heard == words["stays"]
            return
    pytest.fail("it never came to an end")


def test_one_last_free_moment_is_followed_by_the_first_again(
    asking: Any, words: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = booking.offers
    monkeypatch.setattr(booking, "offers", lambda *asked: [] if asked[2] else real(*asked))
    assert asking.presses("9").heard == f"{words['no_later']} {words['offer']}"


def test_key_0_leaves_everything_as_it_was_and_says_what_that_is(asking: Any, words: dict[str, str], kept: Any) -> None:
    assert asking.presses("0").heard == words["stays"]
    assert ends(asking)
    assert chosen(kept) is None


@pytest.mark.parametrize("keys", ["", "7", "#", "12"])
def test_three_rounds_without_a_choice_leave_everything_as_it_was(
    asking: Any, words: dict[str, str], kept: Any, keys: str
) -> None:
    for _ in range(2):
        assert asking.presses(keys).heard == words["offer"]
    assert asking.presses(keys).heard == words["stays"]
    assert ends(asking)
    assert chosen(kept) is None


def test_a_moment_that_somebody_else_took_is_said_to_be_gone_and_others_are_read_out(
    asking: Any, words: dict[str, str], caller: Caller, kept: Any
) -> None:
    other = caller("+32475999000").dials_in().presses("1").presses("1").presses("9").presses("2")
    assert ends(other)
    asking.presses("2")
    assert asking.heard.startswith(words["gone"])
    assert words["offer"] not in asking.heard
    assert not ends(asking)
    assert chosen(kept) is None


def test_whose_moment_is_gone_every_time_is_told_what_stands(
    asking: Any, words: dict[str, str], kept: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking, "book", lambda *_asked: None)
    for _ in range(2):
        assert asking.presses("1").heard.startswith(words["gone"])
        assert not ends(asking)
    assert asking.presses("1").heard == words["stays"].replace(words["stays"].split(". ")[0] + ".", words["gone"])
    assert ends(asking)
    assert chosen(kept) is None


def test_where_nothing_is_free_any_more_it_is_said_and_the_promise_stands(
    caller: Caller, words: dict[str, str], kept: Any, database: Database
) -> None:
    call = caller(LUC).dials_in().presses("1").presses("1")
    with database.write() as session:
        session.execute(update(Agent).values(state=AgentState.OFF_DUTY))
    call.presses("9")
    assert call.heard.startswith(words["none"])
    assert words["stays"].split(". ")[-1] in call.heard
    assert ends(call)
    assert chosen(kept) is None


@pytest.mark.parametrize(
    "slots", ["1", "99999999", "29889660" * 9, "x", "-1", "29889660.29889661.%00", "%D9%A2%D9%A9%D8", "29863981", "0"]
)
def test_a_made_up_moment_is_never_kept(asking: Any, kept: Any, slots: str) -> None:
    asking.asks(f"/voice/moment?round=1&slots={slots}", Digits="1")
    assert asking.heard
    assert chosen(kept) is None


@pytest.mark.usefixtures("people")
def test_a_caller_about_an_earlier_call_back_moves_that_one(caller: Caller, kept: Any, database: Any) -> None:
    caller(LUC).dials_in().presses("1").presses("1").goes_on()
    again = caller(LUC).dials_in()
    with database.write() as session:
        session.execute(update(CallLeg).where(CallLeg.call_sid == again.sid).values(about_id=kept.callback.id))
    again.asks("/voice/moment").presses("1")
    assert chosen(kept) is not None
    assert len(kept(Callback)) == 1


@pytest.mark.parametrize("keys", ["", "1", "9", "0"])
def test_a_choice_out_of_turn_makes_nothing_and_ends(caller: Caller, kept: Any, keys: str) -> None:
    call = caller().asks("/voice/moment?round=1&slots=29889660", Digits=keys)
    assert call.heard == "Tot ziens."
    assert ends(call)
    assert kept(Callback) == []


def test_a_choice_that_cannot_be_kept_is_not_said_to_be(asking: Any, line_to_database: Any, kept: Any) -> None:
    line_to_database.fails = "write"
    asking.presses("1")
    assert "1 0 0 0 1" not in asking.heard
    assert asking.document[-1].text == "https://desk.example/voice/bye"
    assert chosen(kept) is None
