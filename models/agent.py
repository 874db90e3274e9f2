"""The people of the desk, when they work, and their sign-in sessions."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime, Word
from models.vocabulary import AgentState, Role


class Agent(Base):
    """A person of the desk. Dispatch takes only `free` ones who have rested.

    `state_until` ends a wrap-up or a pause after a miss by itself. Such an instant counts only while
    `state_since <= now < state_until`: when the wall clock is set back, nobody stays away for hours. `duty_edge` is the
    last beginning or end of his shifts that was acted upon; what he says himself holds until the next. `pin_hash` lets
    him work by telephone; wrong keys in a row are counted across calls, and lock it for a while. `away_why` is the
    reason he gave for his break.
    """

    __tablename__ = "agent"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    phone: Mapped[str | None] = mapped_column(String(16), unique=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    languages: Mapped[str] = mapped_column(String(32))
    password_hash: Mapped[str] = mapped_column(String(200))
    state: Mapped[AgentState] = mapped_column(Word(AgentState), index=True)
    state_since: Mapped[datetime] = mapped_column(UtcDateTime)
    state_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    wants_off_duty: Mapped[bool] = mapped_column(default=False)
    missed_in_a_row: Mapped[int] = mapped_column(default=0)
    desk_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    duty_edge: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    pin_failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    pin_locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    away_why: Mapped[str | None] = mapped_column(String(200))


class Shift(Base):
    """When an agent works, again and again: days by a recurrence rule (RFC 5545), hours on the desk's wall clock.

    `starts_at` and `ends_at` are "HH:MM"; an end that is not after its start lies on the next day.
    """

    __tablename__ = "shift"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    rule: Mapped[str] = mapped_column(String(200))
    first_day: Mapped[date]
    starts_at: Mapped[str] = mapped_column(String(5))
    ends_at: Mapped[str] = mapped_column(String(5))
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Absence(Base):
    """A stretch in which an agent does not work, whatever his shifts say: half-open, from `starts` up to `ends`."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    starts: Mapped[datetime] = mapped_column(UtcDateTime)
    ends: Mapped[datetime] = mapped_column(UtcDateTime)
    why: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SigninSession(Base):
    """A signed-in browser; only the digest of its secret is kept, and deleting the row signs it out."""

    __tablename__ = "signin_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
