"""A customer chooses the moment of his call: what may be offered, and the one write that keeps his word and ours."""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.slots import Slot
from callbacks.store.transitions import Cause
from models.callback import Callback

__all__ = ["Slot", "book", "offers", "unbook"]


def offers(services: Services, callback_id: int, after: datetime | None = None, count: int = 3) -> list[Slot]:
    """Return the first free moments that begin after `after` (aware UTC), in order; none where none may be chosen."""
    raise NotImplementedError


def book(services: Services, callback_id: int, slot: Slot, who: str, event: str | None = None) -> Slot | None:
    """Keep the moment a customer chose, and return the one that stands; None where it cannot be his (any more).

    `who` is he himself or a person acting for him; `event` the key of the webhook that asked. The same event again, or
    the same moment, changes nothing and returns what stands.
    """
    raise NotImplementedError


def unbook(session: Session, services: Services, callback: Callback, cause: Cause) -> None:
    """End a chosen moment inside the caller's transaction: the call-back stands where its arrival puts it."""
    raise NotImplementedError
