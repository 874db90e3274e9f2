"""Who phones whom next: everything known goes in, pairs come out. No clock, no database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from models.vocabulary import Language


@dataclass(frozen=True)
class FreeAgent:
    """An agent who can be rung now. `idle_since` is when he became free."""

    id: int
    languages: frozenset[Language]
    idle_since: datetime


@dataclass(frozen=True)
class WaitingCall:
    """A waiting call-back, as far as choosing goes. `barred` are agents who refused or missed it a moment ago."""

    id: int
    fence: int
    number: str
    language: Language
    owner_id: int | None = None
    pinned_id: int | None = None
    barred: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Pair:
    """One agent for one call-back; `fence` is the one the choice was made with."""

    callback_id: int
    fence: int
    agent_id: int


def plan(agents: Iterable[FreeAgent], calls: Iterable[WaitingCall], busy_numbers: Collection[str]) -> list[Pair]:
    """Pair call-backs, given in queue order, with free agents.

    A number that is on a leg of ours already is passed over (one customer's phone, one call), and so is a second
    call-back of a number paired here. The ticket's owner first, then an agent who speaks the caller's language, then
    whoever has been idle longest. A call-back pinned to an agent waits for him.
    """
    free = {agent.id: agent for agent in agents}
    taken = set(busy_numbers)
    pairs = []
    for call in calls:
        if not free:
            break
        if call.number in taken:
            continue
        agent = _choose(free.values(), call)
        if agent is None:
            continue
        pairs.append(Pair(call.id, call.fence, agent.id))
        taken.add(call.number)
        del free[agent.id]
    return pairs


def _choose(free: Iterable[FreeAgent], call: WaitingCall) -> FreeAgent | None:
    if call.pinned_id is not None:
        return next((agent for agent in free if agent.id == call.pinned_id), None)
    willing = [agent for agent in free if agent.id not in call.barred]
    return min(willing, key=lambda agent: _distance(agent, call), default=None)


def _distance(agent: FreeAgent, call: WaitingCall) -> tuple[bool, bool, datetime, int]:
    return (agent.id != call.owner_id, call.language not in agent.languages, agent.idle_since, agent.id)
