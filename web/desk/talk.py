"""What an agent does about the call-back that is his: notes, outcome, time. Shown in the live middle of his desk."""

from callbacks.ports import Services
from web.words import Words


def panel(services: Services, words: Words, attempt_id: int) -> dict[str, object]:
    """Return what the panel shows of the call-back of this attempt."""
    del services, words, attempt_id
    return {}
