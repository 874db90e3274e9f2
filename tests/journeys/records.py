"""What the service knows, as its pages read it, and the mails that its customers got."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage

from sqlalchemy import select

from callbacks.store import board
from callbacks.store.board import AgentRow, CallbackRow, HistoryRow, TicketRow
from models.callback import Callback
from models.ticket import MissedCall
from models.vocabulary import CallbackState, TalkOutcome
from tests.journeys.phones import Person
from tests.journeys.stack import PATIENCE, Stack
from tests.journeys.watching import until


@dataclass
class Records:
    """The n-th call-back or ticket is that of the journey, whose tables were empty when it began."""

    stack: Stack

    def callbacks(self) -> Sequence[CallbackRow]:
        """Return every call-back in the order they came."""
        with self.stack.services.database.read() as session:
            return board.callbacks(session)

    def callback(self, n: int = 0) -> CallbackRow:
        """Return the n-th call-back of the journey; the only one by default."""
        rows = self.callbacks()
        assert n or len(rows) == 1, f"{len(rows)} call-backs"
        return rows[n]

    def callback_is(self, state: CallbackState, n: int = 0) -> CallbackRow:
        """Wait until the n-th call-back is in this state."""
        until(f"the call-back is {state}", lambda: (rows := self.callbacks()) and rows[n].state is state)
        return self.callbacks()[n]

    def ticket(self, n: int = 0) -> TicketRow:
        """Return the n-th ticket of the journey."""
        with self.stack.services.database.read() as session:
            return board.tickets(session)[n]

    def ticket_is(self, state: str, n: int = 0) -> TicketRow:
        """Wait until the n-th ticket is in this state."""
        until(f"the ticket is {state}", lambda: self.ticket(n).state == state)
        return self.ticket(n)

    def state_of(self, agent: Person) -> AgentRow:
        """Return what the service believes an agent is doing."""
        with self.stack.services.database.read() as session:
            return next(row for row in board.agents(session) if row.name == agent.name)

    def agent_is(self, agent: Person, state: str) -> AgentRow:
        """Wait until an agent is in this state."""
        until(f"{agent.name} is {state}", lambda: self.state_of(agent).state == state)
        return self.state_of(agent)

    def outcome_of(self, n: int) -> TalkOutcome | None:
        """Return what the agent said of the last talk of the n-th call-back."""
        with self.stack.services.database.read() as session:
            return session.get_one(Callback, self.callbacks()[n].id).outcome

    def history(self) -> Sequence[HistoryRow]:
        """Return what happened since the journey began, oldest first."""
        with self.stack.services.database.read() as session:
            return board.history_since(session, 0)

    def missed_calls(self) -> list[str | None]:
        """Return the numbers on the missed-calls list."""
        with self.stack.services.database.read() as session:
            return list(session.scalars(select(MissedCall.number).order_by(MissedCall.at)))

    def mail_about(self, words: str, *, n: int = 1, seconds: float = PATIENCE) -> EmailMessage:
        """Wait, at most so many seconds, for the n-th mail whose subject holds these words."""

        def found() -> list[EmailMessage]:
            mails = [mail for mail in self.stack.post_office.mails if words in str(mail["Subject"])]
            return mails if len(mails) >= n else []

        return until(f"mail {n} about {words!r}", found, seconds)[n - 1]

    def mail_text(self, words: str, *, n: int = 1, seconds: float = PATIENCE) -> str:
        """Wait for the same mail, and return what it says."""
        body = self.mail_about(words, n=n, seconds=seconds).get_body(("plain",))
        assert body is not None
        return str(body.get_content())
