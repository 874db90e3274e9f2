"""Rows that are there or not yet: written either way, also when another process makes the same one at this moment."""

from typing import Any

from sqlalchemy import inspect, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import Base


def put(session: Session, table: type[Base], key: Any, **columns: Any) -> None:  # noqa: ANN401 - a key and columns of any table
    """Set `columns` of the row with this primary key, making it where there is none."""
    (name,) = (str(column.key) for column in inspect(table).primary_key)
    primary = getattr(table, name)
    change = update(table).where(primary == key).values(**columns).returning(primary)
    if session.execute(change).all():
        return
    try:
        with session.begin_nested():
            session.add(table(**{name: key}, **columns))
    except IntegrityError:
        # Somebody else made it between the two statements; his row takes our values.
        session.execute(change).all()
