"""Who phones whom next: everything known goes in, pairs come out. No clock, no database."""

from collections.abc import Collection, Iterable, Sequence
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
    """A waiting call-back, as far as choosing goes. `barred` are agents who refused or missed it a moment ago.

    `yields`: it waits for a moment its customer chose, and can still be kept if an outage goes before.
    """

    id: int
    fence: int
    number: str
    language: Language
    owner_id: int | None = None
    pinned_id: int | None = None
    barred: frozenset[int] = field(default_factory=frozenset)
    outage: bool = False
    yields: bool = False


@dataclass(frozen=True)
class Pair:
    """One agent for one call-back; `fence` is the one the choice was made with."""

    callback_id: int
    fence: int
    agent_id: int


def plan(
    agents: Iterable[FreeAgent],
    calls: Sequence[WaitingCall],
    busy_numbers: Collection[str],
    *,
    last_agent_for_outage: bool = False,
) -> list[Pair]:
    """Pair call-backs, given in queue order, with free agents.

    A number that is on a leg of ours already is passed over (one customer's phone, one call), and so is a second
    call-back of a number paired here. The ticket's owner first, then an agent who speaks the caller's language, then
    whoever has been idle longest. A call-back pinned to an agent waits for him. `last_agent_for_outage`: where one
    agent is left and he would call an appointment, an outage that waits goes first; the appointment keeps its place.
    """
    free = {agent.id: agent for agent in agents}
    taken = set(busy_numbers)
    pairs: list[Pair] = []
    waiting = list(calls)
    while free and waiting:
        call = waiting.pop(0)
        agent = None if call.number in taken else _choose(free.values(), call)
        if agent is None:
            continue
        if last_agent_for_outage and len(free) == 1 and call.yields and not call.outage:
            call = _first_outage(waiting, free.values(), taken) or call
        pairs.append(Pair(call.id, call.fence, agent.id))
        taken.add(call.number)
        del free[agent.id]
    return pairs


def _first_outage(
    waiting: Iterable[WaitingCall], free: Collection[FreeAgent], taken: Collection[str]
) -> WaitingCall | None:
    return next((each for each in waiting if each.outage and each.number not in taken and _choose(free, each)), None)


def _choose(free: Iterable[FreeAgent], call: WaitingCall) -> FreeAgent | None:
    if call.pinned_id is not None:
        return next((agent for agent in free if agent.id == call.pinned_id), None)
    willing = [agent for agent in free if agent.id not in call.barred]
    return min(willing, key=lambda agent: _distance(agent, call), default=None)


def _distance(agent: FreeAgent, call: WaitingCall) -> tuple[bool, bool, datetime, int]:
    return (agent.id != call.owner_id, call.language not in agent.languages, agent.idle_since, agent.id)
