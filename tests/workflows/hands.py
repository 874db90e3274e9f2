"""What the stories of the supervisors' hands share: a wish of Els, and what is left of one that is refused."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from callbacks.errors import RuleRefused
from callbacks.rules.queue_order import explanation
from callbacks.store import hours, in_hand
from callbacks.workflows.taking_in_hand import Wish
from models.callback import Callback
from models.history import History
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import Language, MailKind
from tests.call_desk import CallDesk
from tests.stand_ins import add_contact

DAY = "2026-11-24"


def wish(desk: CallDesk, callback: int, why: str = "asked for it", who: str = "Els") -> Wish:
    return Wish(callback, in_hand.mark(desk.callback(callback)), who, why)


def deeds(desk: CallDesk, callback: int) -> list[str]:
    """Return what Els did, by the history."""
    with desk.services.database.read() as session:
        rows = select(History.why).where(History.callback_id == callback, History.who == "Els")
        return list(session.scalars(rows.order_by(History.id)))


def refused(desk: CallDesk, callback: int, hand: Callable[..., object], *given: Any, **more: Any) -> RuleRefused:
    """Return why it is refused, after seeing that nothing has changed for it."""
    before = deeds(desk, callback)
    with pytest.raises(RuleRefused) as error:
        hand(*given, **more)
    assert deeds(desk, callback) == before
    return error.value


def mails(desk: CallDesk) -> list[MailKind]:
    with desk.services.database.read() as session:
        return list(session.scalars(select(OutboxMail.kind).order_by(OutboxMail.id)))


def knows_him(desk: CallDesk, callback: int) -> None:
    """Let the customer be one whose address we know."""
    with desk.services.database.write() as session:
        contact = add_contact(session)
        ticket = session.get_one(Ticket, session.get_one(Callback, callback).ticket_id)
        ticket.contact_id, ticket.customer_id = contact.id, contact.customer_id


def sentence(desk: CallDesk, callback: int, language: Language = Language.NL) -> str:
    with desk.services.database.read() as session:
        stands = hours.standing(session.get_one(Callback, callback), None)
        return explanation(stands, hours.head_starts(desk.services.rules), language)
