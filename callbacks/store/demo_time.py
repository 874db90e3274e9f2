"""The demo's clock: how far it runs ahead of the machine's. Only ever in a demo's own database."""

from sqlalchemy.orm import Session

from callbacks.clock import DEMO_CLOCK_ROW
from models.upkeep import DemoClock


def set_ahead(session: Session, seconds: int) -> None:
    """Let the demo's clock run so many seconds ahead of the machine's (behind it, when negative)."""
    session.merge(DemoClock(id=DEMO_CLOCK_ROW, ahead_seconds=seconds))
