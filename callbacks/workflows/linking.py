"""The page of one call-back: its secret address, and what its holder may read there."""

import re
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.promise import Range
from callbacks.store import promises
from callbacks.store.promises import IN_THE_QUEUE
from callbacks.webhook_paths import moment_page
from models.callback import Callback
from models.ticket import Ticket
from models.vocabulary import CallbackState, Language

SECRET_BYTES = 24
SECRET = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)
"""What 24 random bytes look like in an address; nothing else is looked up."""


@dataclass(frozen=True)
class Page:
    """What the holder of a link may read: no name, no number, no subject.

    `promise` is None where nothing stands; `booked` says that he chose it himself. `is_open`: we still mean to call
    him; `may_choose`: and nobody's telephone rings for it at this moment.
    """

    callback_id: int
    ticket: int
    language: Language
    promise: Range | None
    booked: bool
    is_open: bool
    may_choose: bool


def moment_link(session: Session, services: Services, callback_id: int) -> str:
    """Return the address where the customer may choose another moment; "" where none are offered to him.

    Made when it is first wanted, inside the caller's transaction, and the same ever after. None is made where the
    house offers no moments, or where we have no number to call.
    """
    callback = session.get_one(Callback, callback_id)
    if not services.rules.booking_days or callback.number is None or callback.state not in IN_THE_QUEUE:
        return ""
    session.execute(
        update(Callback)
        .where(Callback.id == callback_id, Callback.link.is_(None))
        .values(link=secrets.token_urlsafe(SECRET_BYTES)),
    )
    session.refresh(callback, ["link"])
    return services.webhooks.public_base_url.rstrip("/") + moment_page(str(callback.link))


def link_of_ticket(session: Session, services: Services, ticket_id: int) -> str:
    """Return the address for the latest call-back of a ticket; "" where it has none or none is offered."""
    latest = select(Callback.id).where(Callback.ticket_id == ticket_id).order_by(Callback.id.desc()).limit(1)
    callback_id = session.scalar(latest)
    return moment_link(session, services, callback_id) if callback_id is not None else ""


def opens(services: Services, link: str) -> Page | None:
    """Return what stands behind a link; None for one that never was ours."""
    if not SECRET.fullmatch(link):
        return None
    with services.database.read() as session:
        row = session.execute(
            select(Callback, Ticket.number).join(Ticket, Ticket.id == Callback.ticket_id).where(Callback.link == link),
        ).first()
        if row is None:
            return None
        callback: Callback = row.Callback
        given = promises.in_force(session, callback.id)
        return Page(
            callback_id=callback.id,
            ticket=row.number,
            language=callback.language,
            promise=given.range if given else None,
            booked=callback.booked_from is not None,
            is_open=callback.closed_at is None,
            may_choose=callback.number is not None and CallbackState(callback.state) in IN_THE_QUEUE,
        )
