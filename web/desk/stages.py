"""What an agent's desk says on top: the one thing that is going on for him now, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from callbacks.store.desks import Desk, Offer
from models.vocabulary import LIVE_ATTEMPTS, AgentState, AttemptState, CustomerOutcome
from web.words import Words

SECOND = timedelta(seconds=1)
GOOD, BUSY, BAD, QUIET = "good", "busy", "bad", "quiet"


class Stage(StrEnum):
    """Where his next call, or he himself, stands; `desk_state_…` and `desk_hint_…` say each."""

    OFF_DUTY = "off_duty"
    FREE = "free"
    RESTS = "rests"
    BREAK = "break"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"
    PREPARES = "prepares"
    SOON = "soon"
    DOUBT = "doubt"
    RINGS = "rings"
    WHISPER = "whisper"
    DIALLING = "dialling"
    CUSTOMER_RINGS = "customer_rings"
    CUSTOMER_ANSWERS = "customer_answers"
    TALKING = "talking"
    TALKED = "talked"
    OVER = "over"
    WRAP_UP = "wrap_up"


OF_ATTEMPT = {
    AttemptState.RESERVED: Stage.SOON,
    AttemptState.SENDING: Stage.SOON,
    AttemptState.PLACED: Stage.SOON,
    AttemptState.UNKNOWN: Stage.DOUBT,
    AttemptState.AGENT_RINGING: Stage.RINGS,
    AttemptState.AGENT_ANSWERED: Stage.WHISPER,
    AttemptState.AGENT_ACCEPTED: Stage.DIALLING,
    AttemptState.CUSTOMER_DIALLING: Stage.DIALLING,
    AttemptState.CUSTOMER_RINGING: Stage.CUSTOMER_RINGS,
    AttemptState.CUSTOMER_ANSWERED: Stage.CUSTOMER_ANSWERS,
    AttemptState.BRIDGED: Stage.TALKING,
}
OF_AGENT = {
    AgentState.OFF_DUTY: Stage.OFF_DUTY,
    AgentState.FREE: Stage.FREE,
    AgentState.BREAK: Stage.BREAK,
    AgentState.PAUSED: Stage.PAUSED,
    AgentState.WRAP_UP: Stage.WRAP_UP,
    # Taken by a try that has ended already: his own telephone still has to hang up.
    AgentState.RESERVED: Stage.OVER,
    AgentState.ON_CALL: Stage.OVER,
}
TONES = {
    Stage.OFF_DUTY: QUIET,
    Stage.FREE: GOOD,
    Stage.RESTS: QUIET,
    Stage.BREAK: QUIET,
    Stage.PAUSED: BAD,
    Stage.UNREACHABLE: BAD,
    Stage.DOUBT: BAD,
    # That both are joined is told when they part: the network says nothing at the moment itself.
    Stage.CUSTOMER_ANSWERS: GOOD,
    Stage.TALKING: GOOD,
    Stage.OVER: QUIET,
    Stage.WRAP_UP: QUIET,
}


@dataclass(frozen=True)
class Clock:
    """A clock that the browser goes on ticking: whole seconds, `way` "down" to nothing or "up"."""

    seconds: int
    way: str

    @property
    def shown(self) -> str:
        """Return 0:27, or 12:05."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


@dataclass(frozen=True)
class Top:
    """The top of the desk. `told` is read aloud once and never seen: how long he has, as it was at first."""

    stage: Stage
    tone: str
    title: str
    hint: str
    told: str
    clock: Clock | None


def top(desk: Desk, words: Words, *, has_message: bool) -> Top:
    """Return what goes on for this agent now; `has_message`: his customer has left one, which his telephone offers."""
    at = stage(desk)
    return Top(
        stage=at,
        tone=TONES.get(at, BUSY),
        title=words.say(f"desk_state_{at}"),
        hint=words.say(f"desk_hint_{at}", **_values(desk, words, has_message=has_message)),
        told=_told(desk, at, words),
        clock=_clock(desk, at),
    )


def stage(desk: Desk) -> Stage:
    """Return the one thing that goes on for this agent now."""
    state, current = desk.presence.state, desk.current
    if current is not None and current.state in LIVE_ATTEMPTS:
        waits = current.state is AttemptState.RESERVED and current.ring_at > desk.now
        return Stage.PREPARES if waits else OF_ATTEMPT[current.state]
    if state is AgentState.FREE and _left(desk.presence.until, desk.now):
        return Stage.RESTS
    if state is AgentState.PAUSED and not desk.presence.missed:
        return Stage.UNREACHABLE
    at = OF_AGENT[state]
    talked = current is not None and current.customer_outcome is CustomerOutcome.BRIDGED
    return Stage.TALKED if at is Stage.OVER and talked else at


def ending(offer: Offer, words: Words) -> str:
    """Say how a try of his ended."""
    if offer.customer_outcome is not None:
        return words.say(f"customer_{offer.customer_outcome}")
    if offer.state is AttemptState.ENDED and offer.agent_outcome not in {None, "accepted"}:
        return words.say(f"desk_ending_{offer.agent_outcome}")
    return words.say(f"attempt_{offer.state}")


def _clock(desk: Desk, at: Stage) -> Clock | None:
    current, presence = desk.current, desk.presence
    if at is Stage.PREPARES and current is not None:
        return Clock(_left(current.ring_at, desk.now), "down")
    if at in {Stage.WRAP_UP, Stage.RESTS}:
        return Clock(_left(presence.until, desk.now), "down")
    if at in {Stage.CUSTOMER_ANSWERS, Stage.TALKING} and current is not None:
        return Clock(_passed(current.since, desk.now), "up")
    if at is Stage.BREAK:
        return Clock(_passed(presence.since, desk.now), "up")
    return None


def _told(desk: Desk, at: Stage, words: Words) -> str:
    """Say the whole time to prepare, which stays the same text at every drawing: else it would be read again."""
    if at is not Stage.PREPARES or desk.current is None:
        return ""
    whole = _passed(desk.current.reserved_at, desk.current.ring_at)
    return words.say("desk_told", seconds=whole)


def _values(desk: Desk, words: Words, *, has_message: bool) -> dict[str, object]:
    presence, current = desk.presence, desk.current
    ended = ending(current, words) if current is not None else ""
    return {
        "since": words.moment(presence.since, desk.now),
        "why": presence.why or words.say("desk_no_reason"),
        "missed": presence.missed,
        "phone": words.number(presence.phone),
        "message": words.say("desk_key_message") if has_message else "",
        # It begins a sentence here; in the list of his day it stands behind the hour.
        "ending": ended[:1].upper() + ended[1:],
    }


def _left(until: datetime | None, now: datetime) -> int:
    return 0 if until is None else max(0, -((now - until) // SECOND))


def _passed(since: datetime, now: datetime) -> int:
    """Return whole seconds; none where the wall clock was set back meanwhile."""
    return max(0, (now - since) // SECOND)
