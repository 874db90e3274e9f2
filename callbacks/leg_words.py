"""The telephone provider's words for the state of a leg, in ours. The one place where both stand side by side."""

from models.vocabulary import LegStatus

STATUSES = {
    "queued": LegStatus.QUEUED,
    "initiated": LegStatus.DIALLING,
    "ringing": LegStatus.RINGING,
    "in-progress": LegStatus.IN_PROGRESS,
    # Said of a dialled conference only, and by older callbacks.
    "answered": LegStatus.IN_PROGRESS,
    "completed": LegStatus.COMPLETED,
    "busy": LegStatus.BUSY,
    "no-answer": LegStatus.NO_ANSWER,
    "failed": LegStatus.FAILED,
    "canceled": LegStatus.CANCELED,
}
"""`CallStatus` of webhooks and `status` of the Call resource (https://www.twilio.com/docs/voice/api/call-resource)."""
