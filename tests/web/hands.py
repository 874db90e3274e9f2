"""What the tests of a supervisor's hands share: a customer who waits, the forms as they are sent, and what is kept."""

from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from callbacks.store import in_hand
from models.callback import Callback
from models.history import History
from models.outbox import OutboxMail
from models.vocabulary import (
    CallbackState,
    MailKind,
    MailState,
)
from tests.web.conftest import token
from tests.web.desk import Desk

NUMBER = "+32470111111"


def waits(desk: Desk, state: CallbackState = CallbackState.WAITING, **columns: Any) -> int:
    return desk.promise(None, NUMBER, 10, state=state, **columns)


def row(desk: Desk, callback: int) -> Callback:
    with desk.database.read() as session:
        found = session.get_one(Callback, callback)
        session.expunge_all()
        return found


def deeds(desk: Desk) -> list[tuple[str, str]]:
    with desk.database.read() as session:
        rows = select(History).where(History.who == "Els Wouters").order_by(History.id)
        return [(each.new_state, each.why) for each in session.scalars(rows)]


def page(browser: FlaskClient, number: int = 10_001) -> str:
    answer = browser.get(f"/schedule/tickets/{number}")
    assert answer.status_code == 200
    return answer.text


def lay(browser: FlaskClient, desk: Desk, callback: int, hand: str, **form: str) -> TestResponse:
    """Send the form of one hand, as the page shows it now."""
    sent = {"csrf_token": token(browser.get("/schedule").text), "seen": in_hand.mark(row(desk, callback)), **form}
    return browser.post(f"/schedule/callbacks/{callback}/{hand}", data=sent)


def press(browser: FlaskClient, path: str, **form: str) -> str:
    """Press a button in the list of the schedule, and return the page that follows."""
    sent = {"csrf_token": token(browser.get("/schedule").text), "back": "/schedule", **form}
    answer = browser.post(path, data=sent)
    assert (answer.status_code, answer.location) == (303, "/schedule")
    return browser.get("/schedule").text


def dead_mail(desk: Desk, callback: int | None, why: str = "550 no such user", copy: int = 0) -> int:
    with desk.database.write() as session:
        mail = OutboxMail(
            ticket_id=row(desk, callback).ticket_id if callback else None, kind=MailKind.CONFIRMATION, copy=copy,
            recipient="an@peeters.test", message_id=f"<{callback}-{copy}@x>", subject="x", body_text="x", body_html="x",
            state=MailState.DEAD, written_at=desk.clock.now(), due_at=desk.clock.now(), last_error=why,
        )  # fmt: skip
        session.add(mail)
        session.flush()
        return mail.id


def mail_row(desk: Desk, mail: int) -> tuple[MailState, str, str | None]:
    with desk.database.read() as session:
        found = session.get_one(OutboxMail, mail)
        return found.state, found.recipient, found.settled_by
