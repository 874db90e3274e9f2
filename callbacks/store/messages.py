"""What callers said after the tone, as rows; the sound itself lies in the recordings folder."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from callbacks.store.legs import digest
from callbacks.store.transitions import Cause, note
from models.callback import Attempt, Callback
from models.ticket import Ticket, VoiceMessage
from models.vocabulary import LIVE_ATTEMPTS, Subject

PLAYED = 3
"""As many as a line may leave: the latest ones, where several lines left some."""


@dataclass(frozen=True)
class Left:
    """One message as the desk sees it. `seconds` is 0 where its length was not told; a deleted one cannot be played."""

    recording_sid: str
    seconds: int
    deleted: bool


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


def of_tickets(session: Session, numbers: Collection[int]) -> dict[int, list[Left]]:
    """Return the messages of tickets by their numbers, each ticket's in the order in which they were left."""
    statement = (
        select(Ticket.number, VoiceMessage)
        .join(Ticket, Ticket.id == VoiceMessage.ticket_id)
        .where(Ticket.number.in_(numbers))
        .order_by(VoiceMessage.left_at, VoiceMessage.recording_sid)
    )
    found: dict[int, list[Left]] = {}
    for number, message in session.execute(statement):
        left = Left(message.recording_sid, message.seconds, deleted=message.gone_at is not None)
        found.setdefault(number, []).append(left)
    return found


def with_merged(session: Session, ticket_id: int) -> list[Left]:
    """Return the messages of a ticket and of those merged into it, in the order in which they were left."""
    rows = session.scalars(
        select(VoiceMessage)
        .where(VoiceMessage.ticket_id.in_(_merged(ticket_id)))
        .order_by(VoiceMessage.left_at, VoiceMessage.recording_sid),
    )
    return [Left(each.recording_sid, each.seconds, deleted=each.gone_at is not None) for each in rows]


def left_on(session: Session, call_sid: str) -> int:
    """Return how many messages were left on this line."""
    statement = select(func.count()).select_from(VoiceMessage).where(VoiceMessage.call_sid == call_sid)
    return session.scalar(statement) or 0


def is_offered(session: Session, token: str, recording_sid: str) -> bool:
    """Say whether the agent of a live attempt, known by its secret token, is offered the ticket of this message.

    A ticket that was merged into another is offered with that one.
    """
    statement = (
        select(Attempt.id)
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, or_(Ticket.id == Callback.ticket_id, Ticket.merged_into_id == Callback.ticket_id))
        .join(VoiceMessage, VoiceMessage.ticket_id == Ticket.id)
        .where(Attempt.token_digest == digest(token), Attempt.state.in_(LIVE_ATTEMPTS))
        .where(VoiceMessage.recording_sid == recording_sid)
    )
    return session.scalar(statement) is not None


def playable(session: Session, ticket_id: int) -> Sequence[str]:
    """Return the SIDs of the latest messages that were not deleted, oldest first.

    They are of the ticket and of those merged into it: its customer is called once about all of them.
    """
    statement = (
        select(VoiceMessage.recording_sid)
        .where(VoiceMessage.ticket_id.in_(_merged(ticket_id)), VoiceMessage.gone_at.is_(None))
        .order_by(VoiceMessage.left_at.desc(), VoiceMessage.recording_sid.desc())
        .limit(PLAYED)
    )
    return tuple(session.scalars(statement))[::-1]


def _merged(ticket_id: int) -> Select[int]:
    return select(Ticket.id).where(or_(Ticket.id == ticket_id, Ticket.merged_into_id == ticket_id))
