"""What callers said after the tone, as rows; the sound itself lies in the recordings folder."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callbacks.store.transitions import Cause, note
from models.callback import Callback
from models.ticket import VoiceMessage
from models.vocabulary import Subject

PLAYED = 3
"""As many as a line may leave: the latest ones, where several lines left some."""


def keep(session: Session, callback: Callback, call_sid: str, recording_sid: str, seconds: int, cause: Cause) -> bool:
    """Keep a message with the ticket; False where it was kept before."""
    if session.get(VoiceMessage, recording_sid) is not None:
        return False
    message = VoiceMessage(
        recording_sid=recording_sid,
        ticket_id=callback.ticket_id,
        call_sid=call_sid,
        seconds=seconds,
        left_at=cause.at,
    )
    session.add(message)
    note(session, Subject.CALLBACK, callback.id, callback.state, cause, callback.id)
    session.flush()
    return True


def left_on(session: Session, call_sid: str) -> int:
    """Return how many messages were left on this line."""
    statement = select(func.count()).select_from(VoiceMessage).where(VoiceMessage.call_sid == call_sid)
    return session.scalar(statement) or 0


def playable(session: Session, ticket_id: int) -> Sequence[str]:
    """Return the SIDs of the latest messages of a ticket that were not deleted, oldest first."""
    statement = (
        select(VoiceMessage.recording_sid)
        .where(VoiceMessage.ticket_id == ticket_id, VoiceMessage.gone_at.is_(None))
        .order_by(VoiceMessage.left_at.desc(), VoiceMessage.recording_sid.desc())
        .limit(PLAYED)
    )
    return tuple(session.scalars(statement))[::-1]
