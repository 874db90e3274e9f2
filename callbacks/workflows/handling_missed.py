"""A missed call is dealt with: once, by whoever was first, with his name."""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import missed_calls


def deal_with(services: Services, call_sid: str, who: str) -> None:
    """Take a missed call off the list. Raises RuleRefused where somebody was first, or its caller rang through."""
    now = services.clock.now()
    with services.database.write() as session:
        settle(session, call_sid, who, now)


def settle(session: Session, call_sid: str, who: str, now: datetime, ticket_id: int | None = None) -> None:
    """Take it off the list inside the caller's transaction, with the ticket that was made of it. Raises RuleRefused."""
    if missed_calls.deal_with(session, call_sid, who, now, ticket_id):
        return
    known = missed_calls.one(session, call_sid)
    if known is None:
        message = "this caller has chosen something after all"
        raise RuleRefused(Rule.MISSED_GONE, message)
    message = f"{known.handled_by} has dealt with this call already"
    raise RuleRefused(Rule.MISSED_HANDLED, message, who=known.handled_by or "")
