"""Leases: who does what only one process at a time should do. A lease is comfort, never the last guard."""

from datetime import datetime, timedelta

from sqlalchemy import or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.upkeep import Lease


def take(session: Session, name: str, owner: str, seconds: int, now: datetime) -> bool:
    """Take or renew a lease; False while somebody else holds it.

    It is free when it has run out, and also when it was taken after now: then the wall clock was set back, and how
    long it still runs is anybody's guess.
    """
    until = now + timedelta(seconds=seconds)
    mine = (
        update(Lease)
        .where(Lease.name == name, or_(Lease.owner == owner, Lease.until <= now, Lease.taken_at > now))
        .values(owner=owner, taken_at=now, until=until)
        .returning(Lease.name)
    )
    if session.execute(mine).all():
        return True
    if session.get(Lease, name) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(Lease(name=name, owner=owner, taken_at=now, until=until))
    except IntegrityError:
        return False
    return True


def release(session: Session, name: str, owner: str, now: datetime) -> None:
    """Give a lease back, so that the next one need not wait for it to run out."""
    session.execute(update(Lease).where(Lease.name == name, Lease.owner == owner).values(until=now))
