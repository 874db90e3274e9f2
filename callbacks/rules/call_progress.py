"""What the facts known of an attempt add up to, in whatever order they came. Pure; docs/protocol.md §3.3.

The telephone provider tells of both legs, of fetched documents and of keys in separate requests without order. So
nothing is concluded from the last request alone: every fact is stored, and these functions look at all of them.
"""

from dataclasses import dataclass

from models.vocabulary import FINAL_LEGS, AgentOutcome, CustomerOutcome, LegStatus

WHISPER_SECONDS = 5
"""A customer's leg that lasted at least this long, after the last document that kept him from the agent, was joined. It
decides only where the provider did not say. Where he is asked for a key, that document follows his key, or the end of
the time for it: a machine may listen for as long as it likes and is no talk."""

_LEG_ORDER = (LegStatus.QUEUED, LegStatus.DIALLING, LegStatus.RINGING, LegStatus.IN_PROGRESS)

_MISSED = {
    LegStatus.BUSY: AgentOutcome.BUSY,
    LegStatus.FAILED: AgentOutcome.FAILED,
    LegStatus.NO_ANSWER: AgentOutcome.NO_ANSWER,
    # Only we cancel: it stood in the provider's queue, and his phone never rang.
    LegStatus.CANCELED: AgentOutcome.WITHDRAWN,
    # Answered, but the accepting key never came: a voicemail, or a pocket.
    LegStatus.COMPLETED: AgentOutcome.NO_ANSWER,
}

_NOT_REACHED = {
    LegStatus.BUSY: CustomerOutcome.BUSY,
    LegStatus.FAILED: CustomerOutcome.FAILED,
    LegStatus.NO_ANSWER: CustomerOutcome.NO_ANSWER,
    # His phone rang and stopped because the agent hung up.
    LegStatus.CANCELED: CustomerOutcome.NO_ANSWER,
}


def is_news(old: LegStatus, old_sequence: int, new: LegStatus, new_sequence: int | None) -> bool:
    """Say whether a status told now is later than the one known.

    Twilio numbers status callbacks from 0 and delivers them in any order; an end beats everything and is never
    undone. A status without number (a fetched leg) counts by its place in the order.
    """
    if old in FINAL_LEGS:
        return False
    if new in FINAL_LEGS:
        return True
    further = _LEG_ORDER.index(new) - _LEG_ORDER.index(old)
    if new_sequence is not None and old_sequence >= 0:
        # What a fetched document or leg proved bears no number, and is not undone by an older event that has one.
        return new_sequence > old_sequence and further >= 0
    return further > 0


@dataclass(frozen=True)
class Facts:
    """All that is known of one attempt. `None` means that nothing was told yet.

    `whispered`: the customer was given the last document before he is joined. `voicemail`: he was given for a machine,
    and the message for it was spoken.
    """

    agent_leg: LegStatus | None
    agent_outcome: AgentOutcome | None
    dialled: bool
    customer_leg: LegStatus | None
    customer_seconds: int | None
    whispered: bool
    dial_bridged: bool | None
    voicemail: bool = False


@dataclass(frozen=True)
class Conclusion:
    """How an attempt ended: the agent's part, the customer's (None when it never came to him), seconds of talk."""

    agent: AgentOutcome
    customer: CustomerOutcome | None
    talk_seconds: int = 0


def conclude(facts: Facts) -> Conclusion | None:
    """Return how the attempt ended, or None while it is still going on or not proven to have ended."""
    if facts.agent_outcome is AgentOutcome.DECLINED:
        return Conclusion(AgentOutcome.DECLINED, None)
    if facts.agent_outcome is not AgentOutcome.ACCEPTED:
        missed = _MISSED.get(facts.agent_leg) if facts.agent_leg else None
        return Conclusion(missed, None) if missed else None
    if not facts.dialled:
        ended = facts.agent_leg in FINAL_LEGS
        return Conclusion(AgentOutcome.ACCEPTED, CustomerOutcome.NOT_DIALLED) if ended else None
    return _customer_side(facts)


def _customer_side(facts: Facts) -> Conclusion | None:
    seconds = facts.customer_seconds or 0
    if facts.customer_leg not in FINAL_LEGS or facts.customer_leg is None:
        return None
    if facts.voicemail:
        # The message ends in a hang-up, whatever is told of it later.
        return Conclusion(AgentOutcome.ACCEPTED, CustomerOutcome.MACHINE)
    if facts.customer_leg is not LegStatus.COMPLETED:
        return Conclusion(AgentOutcome.ACCEPTED, _NOT_REACHED[facts.customer_leg])
    bridged = facts.dial_bridged
    if bridged is None:
        # The Dial action follows while the agent is on the line, and knows better than any guess from the length.
        if facts.agent_leg not in FINAL_LEGS:
            return None
        bridged = facts.whispered and seconds >= WHISPER_SECONDS
    if bridged:
        return Conclusion(AgentOutcome.ACCEPTED, CustomerOutcome.BRIDGED, seconds)
    # He picked up and hung up during the whisper: his phone rang for nothing, which is a try.
    return Conclusion(AgentOutcome.ACCEPTED, CustomerOutcome.NO_ANSWER)
