"""What the hotline takes from callers at this moment: everything, or outages alone while the intake is paused."""

from callbacks.ports import Services
from callbacks.store import switches
from models.vocabulary import Option


def takes(services: Services, option: Option) -> bool:
    """Say whether a caller's key becomes a ticket. An outage always does: it is what a paused desk must hear of."""
    if option is Option.OUTAGE:
        return True
    with services.database.read() as session:
        return switches.takes_all(session)
