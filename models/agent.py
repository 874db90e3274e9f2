"""The people of the desk, and their sign-in sessions."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime, Word
from models.vocabulary import AgentState, Role


class Agent(Base):
    """A person of the desk. Dispatch takes only `free` ones who have rested.

    `state_until` ends a wrap-up or a pause after a miss by itself. Such an instant counts only while
    `state_since <= now < state_until`: when the wall clock is set back, nobody stays away for hours.
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


class SigninSession(Base):
    """A signed-in browser; only the digest of its secret is kept, and deleting the row signs it out."""

    __tablename__ = "signin_session"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agent.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
