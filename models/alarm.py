"""What the people of the desk are told loudly, once each."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Identity, UtcDateTime, Word, only_where
from models.vocabulary import AlarmKind


class Alarm(Base):
    """One alarm: shown to agents from `raised_at`, to supervisors from `told_at`, mailed at `mailed_at`.

    `key` names its cause, so that the same cause is never told twice. Until `raised_at` it is a suspicion that nobody
    sees: `since_boot` and `since_ms` are the machine and its monotonic milliseconds since which there seems to be a
    cause, because the wall clock may be wrong. It is over from `cleared_at`, by itself or because `cleared_by` has seen
    it.
    """

    __tablename__ = "alarm"
    __table_args__ = (only_where("ix_alarm_open", "id", condition="cleared_at IS NULL"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[AlarmKind] = mapped_column(Word(AlarmKind))
    key: Mapped[str] = mapped_column(String(100), unique=True)
    callback_id: Mapped[int | None] = mapped_column(ForeignKey("callback.id"), index=True)
    since_boot: Mapped[str] = mapped_column(String(64))
    since_ms: Mapped[int] = mapped_column(BigInteger)
    raised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    mailed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_by: Mapped[str | None] = mapped_column(String(200))
