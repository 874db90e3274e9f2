"""Signs of life. A worker gives its own by doing a job of its queue: that proves the chain from bell to database."""

import socket
from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.store.rows import put
from models.upkeep import Heartbeat


def beat(session: Session, name: str, kind: str, now: datetime) -> None:
    """Write down that a process of this kind was alive at `now`."""
    put(session, Heartbeat, name, kind=kind, host=socket.gethostname(), at=now)
