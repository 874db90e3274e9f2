"""Where a new call-back stands in the queue."""

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.rules.queue_order import Standing, head_start, place, rank
from callbacks.store import hours
from callbacks.store.transitions import WHY_LIMIT, Cause


def place_of(session: Session, services: Services, standing: Standing, cause: Cause) -> tuple[int, str]:
    """Return the rank and the reason of the birth; a calendar that cannot answer costs no customer his request.

    He then counts as come when the calendar begins, before anybody whose open time is known: better early than lost.
    """
    starts = hours.head_starts(services.rules)
    try:
        return place(standing, hours.calendar(session, services.rules), starts), cause.why
    except RingbackError as error:
        start = head_start(standing.option, standing.agreement, starts)
        return rank(0, start), f"{cause.why}; ranked without a calendar: {error}"[:WHY_LIMIT]
