"""The list of what waits for a person, and its buttons."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from callbacks.store import in_hand
from models.vocabulary import (
    AttemptState,
    CallbackState,
    MailState,
)
from tests.web.conftest import SignIn, token
from tests.web.desk import Desk
from tests.web.hands import NUMBER, dead_mail, deeds, mail_row, page, press, row, waits


@pytest.fixture
def els(staffed: Desk, signed_in: SignIn) -> FlaskClient:
    """A browser signed in as a supervisor."""
    del staffed
    return signed_in("els")


def test_each_thing_that_waits_for_a_person_has_its_buttons_and_they_work(els: FlaskClient, desk: Desk) -> None:
    decide, other = waits(desk, CallbackState.NEEDS_HUMAN), waits(desk, CallbackState.NEEDS_HUMAN)
    numberless = desk.promise(None, None, 5, state=CallbackState.NEEDS_HUMAN)
    unreached = desk.promise(None, "+32470222222", 400, state=CallbackState.UNREACHED, closed_at=desk.clock.now())
    late = desk.clock.now() - timedelta(minutes=90), desk.clock.now() - timedelta(minutes=30)
    expired = desk.promise(None, "+32470333333", 95, promise_from=late[0], promise_to=late[1])
    shown = els.get("/schedule").text
    assert 'id="h-needs-human">Wacht op een beslissing <span class="count">5</span>' in shown
    assert f"/schedule/callbacks/{numberless}/resolve/waiting" not in shown
    for path in (
        f"/schedule/callbacks/{decide}/resolve/waiting", f"/schedule/callbacks/{other}/resolve/done",
        f"/schedule/callbacks/{unreached}/again", f"/schedule/callbacks/{expired}/call_now",
    ):  # fmt: skip
        assert f'formaction="{path}"' in shown
    live = els.get("/schedule/live").text
    assert "csrf" not in live
    marks = {each: in_hand.mark(row(desk, each)) for each in (decide, other, expired)}
    press(els, f"/schedule/callbacks/{decide}/resolve/waiting", seen=marks[decide])
    press(els, f"/schedule/callbacks/{other}/resolve/done", seen=marks[other])
    press(els, f"/schedule/callbacks/{expired}/call_now", seen=marks[expired])
    assert "We bellen opnieuw." in press(els, f"/schedule/callbacks/{unreached}/again")
    assert (row(desk, decide).state, row(desk, other).state) == (CallbackState.WAITING, CallbackState.DONE)
    assert row(desk, expired).called_now_at is not None
    assert "iemand anders heeft net beslist" in press(els, f"/schedule/callbacks/{unreached}/again")
    late_one = press(els, f"/schedule/callbacks/{decide}/resolve/waiting", seen=marks[decide])
    assert "Ticket 10001 wacht niet (meer) op een beslissing." in late_one


def test_a_mail_that_went_nowhere_is_sent_again_elsewhere_or_dealt_with(els: FlaskClient, desk: Desk) -> None:
    first, second, own = waits(desk), waits(desk), None
    mails = dead_mail(desk, first), dead_mail(desk, second), dead_mail(desk, own)
    assert "550 no such user" in els.get("/schedule").text
    assert "Afgehandeld." in press(els, f"/schedule/mails/{mails[0]}/settled")
    assert mail_row(desk, mails[0])[2] == "Els Wouters"
    assert "De mail vertrekt opnieuw." in press(els, f"/schedule/mails/{mails[2]}/again")
    form = {"csrf_token": token(page(els, 10_002)), "recipient": "nowhere"}
    path = f"/schedule/tickets/10002/mails/{mails[1]}"
    refused = els.post(path, data=form)
    assert (refused.status_code, "Dit is geen e-mailadres." in refused.text) == (422, True)
    assert els.post(path, data={**form, "recipient": "lien@peeters.test"}).status_code == 303
    assert mail_row(desk, mails[1])[:2] == (MailState.PENDING, "lien@peeters.test")
    assert "Mail niet aangekomen" not in els.get("/schedule").text


def test_a_refused_address_opens_the_form_of_its_own_mail_alone(els: FlaskClient, desk: Desk) -> None:
    ticket = waits(desk)
    first, second = dead_mail(desk, ticket), dead_mail(desk, ticket, copy=1)
    form = {"csrf_token": token(page(els)), "recipient": "nowhere"}
    refused = els.post(f"/schedule/tickets/10001/mails/{second}", data=form).text
    assert f'id="mail-{second}" open' in refused
    assert f'id="mail-{second}-recipient-problem"' in refused
    assert f'id="mail-{first}"' in refused
    assert (f'id="mail-{first}" open' in refused, refused.count('value="nowhere"')) == (False, 1)


def test_a_call_in_doubt_is_asked_about_and_nothing_is_dialled(els: FlaskClient, desk: Desk) -> None:
    attempt = desk.attempt(waits(desk, CallbackState.PREPARING), 2, 3, AttemptState.UNKNOWN)
    assert "is Ann De Smet gebeld?" in els.get("/schedule").text
    # The desk's telephone is none at all: a page that used it would fail.
    assert "Het wordt nu nagevraagd." in press(els, f"/schedule/attempts/{attempt}/ask")
    assert deeds(desk) == [("unknown", "asked the telephone provider")]


def test_a_ticket_nobody_is_to_be_called_about_is_closed_with_a_reason(els: FlaskClient, desk: Desk) -> None:
    desk.promise(None, NUMBER, 400, state=CallbackState.UNREACHED, closed_at=desk.clock.now())
    form = {"csrf_token": token(page(els)), "why": ""}
    assert els.post("/schedule/tickets/10001/close", data=form).status_code == 422
    assert els.post("/schedule/tickets/10001/close", data={**form, "why": "moved"}).status_code == 303
    assert "Dit ticket is afgesloten; er is niets meer te doen." in page(els)
