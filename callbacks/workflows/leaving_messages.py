"""The message after the tone: kept with the ticket once, by whichever request tells of it first."""

from enum import StrEnum

from sqlalchemy.exc import IntegrityError

from callbacks.ports import Services
from callbacks.recording_names import is_recording
from callbacks.store import messages
from callbacks.store.transitions import Cause
from callbacks.workflows import registering
from callbacks.workflows.registering import Line
from models.callback import Callback
from models.ticket import VoiceMessage

WHO = "caller"
MOST_A_LINE = 3
"""Three of a minute and a half are more than anybody listens to before a call; nobody can fill a disk in one call."""


class Room(StrEnum):
    """Whether a message may be left: yes, none at all, or none besides those of this line."""

    OPEN = "open"
    NONE = "none"
    FULL = "full"


def room(services: Services, line: Line) -> Room:
    """Say whether the caller may leave a message for the call-back this line is about."""
    if line.callback_id is None or not services.rules.message_seconds:
        return Room.NONE
    with services.database.read() as session:
        if session.get_one(Callback, line.callback_id).closed_at is not None:
            return Room.NONE
        return Room.OPEN if messages.left_on(session, line.call_sid) < MOST_A_LINE else Room.FULL


def leave(services: Services, call_sid: str, recording_sid: str, seconds: int | None) -> bool:
    """Keep a message of this line; True where it is kept, now or before. Nothing said is no message.

    What was recorded is kept even where its call-back has ended meanwhile: it stands with the ticket. `seconds` is
    None where the length was not told.
    """
    line = registering.recalls(services, call_sid)
    if line is None or line.callback_id is None or seconds == 0 or not is_recording(recording_sid):
        return False
    cause = Cause(services.clock.now(), WHO, f"left a message of {seconds or 0} seconds")
    try:
        with services.database.write() as session:
            # Locked: the end of the call may let it go in this very moment, and the note must name the state it is in.
            callback = session.get_one(Callback, line.callback_id, with_for_update=True)
            is_new = messages.keep(session, callback, call_sid, recording_sid, seconds or 0, cause)
    except IntegrityError:
        # The line and the provider's notice came at once: by the time this one was refused the other has committed.
        with services.database.read() as session:
            if session.get(VoiceMessage, recording_sid) is None:
                raise
        return True
    if is_new:
        services.bell.ring("upkeep")
    return True
