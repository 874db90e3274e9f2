"""What every table shares: the declarative base, names of constraints, and instants that cannot lose their zone."""

from datetime import UTC, datetime
from enum import IntEnum, StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Identity = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite only numbers rows by itself when the key is a plain INTEGER."""


class Base(DeclarativeBase):
    """Mother of all tables."""

    metadata = MetaData(naming_convention=NAMES)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC instant.

    SQLite drops the zone without a word (09:00+02:00 is read back as 09:00), so it is converted on the way in and
    put back on the way out; a naive datetime is refused with TypeError.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC; SQLite gets it without zone, as it would store it anyway."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a datetime without zone cannot be stored"
            raise TypeError(message)
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC instant on every database."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[StrEnum]):
    """One word of models.vocabulary, stored as plain text: readable in SQL, and no type to migrate for a new word."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        """Remember which vocabulary the column speaks."""
        super().__init__()
        self.words = words

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> str | None:  # noqa: ANN401 - SQLAlchemy hands over whatever the caller bound
        """Refuse a word that is not in the vocabulary with ValueError, before the database sees it."""
        del dialect
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> StrEnum | None:  # noqa: ANN401 - the driver's value
        """Give back the vocabulary's member."""
        del dialect
        return None if value is None else self.words(value)


class Number(TypeDecorator[IntEnum]):
    """One member of an IntEnum, stored as a small number."""

    impl = SmallInteger
    cache_ok = True

    def __init__(self, numbers: type[IntEnum]) -> None:
        """Remember which vocabulary the column speaks."""
        super().__init__()
        self.numbers = numbers

    def process_bind_param(self, value: Any | None, dialect: Dialect) -> int | None:  # noqa: ANN401 - as above
        """Refuse a number that is not in the vocabulary with ValueError."""
        del dialect
        return None if value is None else int(self.numbers(value))

    def process_result_value(self, value: Any | None, dialect: Dialect) -> IntEnum | None:  # noqa: ANN401 - as above
        """Give back the vocabulary's member."""
        del dialect
        return None if value is None else self.numbers(value)


def only_where(name: str, *columns: str, condition: str, unique: bool = False) -> Index:
    """Return a partial index that both SQLite and PostgreSQL build (each wants its own keyword)."""
    where = text(condition)
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)


def one_of(words: frozenset[Any]) -> str:
    """Return `'a', 'b'` for the condition of a partial index, in a stable order so that migrations do not drift."""
    return ", ".join(f"'{word}'" for word in sorted(words))
