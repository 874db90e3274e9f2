"""Alarms put on the desk as they are while somebody has to look."""

from models.alarm import Alarm
from models.vocabulary import AlarmKind
from tests.web.desk import Desk


def raised(desk: Desk, kind: AlarmKind, callback_id: int | None = None, *, seen: bool = False) -> None:
    """Raise an alarm now; `seen`: somebody has seen it already."""
    now = desk.clock.now()
    with desk.database.write() as session:
        key = f"{kind} {callback_id}"
        session.add(
            Alarm(
                kind=kind,
                key=key,
                callback_id=callback_id,
                since_boot="this",
                since_ms=0,
                raised_at=now,
                told_at=now,
                cleared_at=now if seen else None,
            ),
        )
