"""The sound of what callers said: fetched once from the provider, played from our folder, deleted after its time.

The provider is never waited for inside a transaction.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from callbacks.errors import PhoneError
from callbacks.ports import Services
from callbacks.store import messages
from callbacks.workflows.row_by_row import each
from models.ticket import VoiceMessage

BATCH = 20
DELETED_AT_ONCE = 5
"""A sweep: where our clock was set forward, every message looks old, and each costs a question."""
FIRST_WAIT_SECONDS = 5
MOST_TRIES = 14
"""The pause doubles after each: the last of them comes half a day after the message. Then it is fetched when played."""


def sweep(services: Services) -> dict[str, int]:
    """Fetch what is not here yet, and delete what was kept long enough."""
    return {"messages_stored": _store(services), "messages_deleted": _delete(services)}


def sound(services: Services, recording_sid: str) -> bytes | None:
    """Return the sound of a kept message, from our folder or else from the provider; None where there is none now."""
    with services.database.read() as session:
        row = session.get(VoiceMessage, recording_sid)
        if row is None or row.gone_at is not None:
            return None
    stored = services.recordings.sound(recording_sid)
    if stored is not None:
        return stored
    try:
        return services.phone.recording(recording_sid)
    except PhoneError:
        return None


def sound_for_agent(services: Services, token: str, recording_sid: str) -> bytes | None:
    """Return the sound for the agent whose telephone rings for this ticket now; None for anybody and anything else."""
    with services.database.read() as session:
        if not messages.is_offered(session, token, recording_sid):
            return None
    return sound(services, recording_sid)


def _store(services: Services) -> int:
    now = services.clock.now()
    waiting = (
        select(VoiceMessage.recording_sid, VoiceMessage.left_at, VoiceMessage.tries)
        .where(VoiceMessage.stored_at.is_(None), VoiceMessage.gone_at.is_(None), VoiceMessage.tries < MOST_TRIES)
        .order_by(VoiceMessage.tries, VoiceMessage.left_at, VoiceMessage.recording_sid)
        .limit(BATCH)
    )
    with services.database.read() as session:
        due = [row.recording_sid for row in session.execute(waiting) if _is_due(row.left_at, row.tries, now)]
    return each(due, lambda sid: _fetch(services, sid, now))


def _is_due(left_at: datetime, tries: int, now: datetime) -> bool:
    """Say whether it is time for the next try. A message that lies ahead was left before the clock was set back."""
    return now < left_at or now >= left_at + timedelta(seconds=FIRST_WAIT_SECONDS * (2**tries - 1))


def _fetch(services: Services, recording_sid: str, now: datetime) -> bool:
    _count_try(services, recording_sid)
    services.recordings.keep(recording_sid, services.phone.recording(recording_sid))
    _set(services, recording_sid, stored_at=now)
    return True


def _delete(services: Services) -> int:
    """Delete what was left more than `message_days` ago, by our clock and by the provider's.

    Ours may be set forward by years while everything runs, and what is deleted does not come back: it only says what
    to ask about.
    """
    now, kept_for = services.clock.now(), timedelta(days=services.rules.message_days)
    old = (
        select(VoiceMessage.recording_sid)
        .where(VoiceMessage.gone_at.is_(None), VoiceMessage.left_at <= now - kept_for)
        .order_by(VoiceMessage.tries, VoiceMessage.left_at, VoiceMessage.recording_sid)
        .limit(DELETED_AT_ONCE)
    )
    with services.database.read() as session:
        due = list(session.scalars(old))

    def forget(recording_sid: str) -> bool:
        _count_try(services, recording_sid)
        if not services.phone.delete_recording(recording_sid, kept_for):
            return False
        services.recordings.forget(recording_sid)
        _set(services, recording_sid, gone_at=now)
        return True

    return each(due, forget)


def _count_try(services: Services, recording_sid: str) -> None:
    """Count a try before it is made: what fails, or kills its worker, comes after the others the next time."""
    _set(services, recording_sid, tries=VoiceMessage.tries + 1)


def _set(services: Services, recording_sid: str, **columns: Any) -> None:  # noqa: ANN401 - columns of the row, of their own types
    with services.database.write() as session:
        session.execute(update(VoiceMessage).where(VoiceMessage.recording_sid == recording_sid).values(**columns))
