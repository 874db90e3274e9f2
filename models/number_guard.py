"""Numbers that are never dialled."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime


class NumberGuard(Base):
    """A number, or every number that begins with `prefix` (E.164), that is never dialled, up to `expires_at` if set."""

    __tablename__ = "number_guard"

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    prefix: Mapped[str] = mapped_column(String(16), index=True)
    whole: Mapped[bool]
    why: Mapped[str] = mapped_column(String(200))
    entered_by: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
