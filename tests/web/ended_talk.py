"""A talk that has just ended, its ticket, and the browser of the agent who works on it."""

from flask.testing import FlaskClient

from models.callback import Callback
from models.ticket import Ticket, TimeEntry
from models.vocabulary import (
    AgentOutcome,
    Agreement,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    Option,
    TalkOutcome,
    TicketState,
    WorkKind,
)
from tests.web.conftest import token
from tests.web.desk import Desk


class Case:
    """A talk of Ann's that has ended, its ticket, and her browser."""

    def __init__(self, desk: Desk, ann: int, browser: FlaskClient) -> None:
        self.desk, self.ann, self.browser = desk, ann, browser
        customer = desk.customer("Bakkerij Peeters", Agreement.MANAGED, "Lien Peeters", "+32470123456")
        self.callback = desk.promise(customer, "+32470123456", 30, Option.OUTAGE, CallbackState.WRAP_UP, fence=1)
        self.number = desk.numbers
        self.attempt = desk.attempt(
            self.callback, ann, 12, AttemptState.ENDED, talk_seconds=245,
            agent_outcome=AgentOutcome.ACCEPTED, customer_outcome=CustomerOutcome.BRIDGED,
        )  # fmt: skip
        with desk.database.write() as session:
            entry = TimeEntry(
                ticket_id=session.get_one(Callback, self.callback).ticket_id,
                attempt_id=self.attempt,
                agent_id=ann,
                kind=WorkKind.TALK,
                started_at=desk.clock.now(),
                seconds=245,
            )
            session.add(entry)
            session.flush()
            self.entry = entry.id

    @property
    def path(self) -> str:
        return f"/desk/tickets/{self.number}"

    def page(self) -> str:
        answer = self.browser.get(self.path)
        assert answer.status_code == 200
        return answer.text

    def sends(self, path: str, back: str = "", **form: str) -> tuple[int, str]:
        """Send a form from the page; return the status of the answer, and the page he sees in the end."""
        data = {"csrf_token": token(self.page()), "back": back or self.path, **form}
        answer = self.browser.post(path, data=data)
        seen = self.browser.get(answer.headers["Location"]) if answer.status_code == 303 else answer
        return answer.status_code, seen.text

    def row(self) -> tuple[CallbackState, TalkOutcome | None, TicketState]:
        with self.desk.database.read() as session:
            callback = session.get_one(Callback, self.callback)
            return callback.state, callback.outcome, session.get_one(Ticket, callback.ticket_id).state
