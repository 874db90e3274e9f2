"""The queue played forward once for everything that a page shows of it."""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import HouseRules
from callbacks.rules.day_plan import Turn
from callbacks.store.promises import Planned, outlook
from models.agent import Agent
from models.vocabulary import Option


@dataclass(frozen=True)
class Foreseen:
    """Every turn in the order in which they begin, how long such calls take (seconds), and the agents' names."""

    turns: Sequence[Turn] = ()
    handling: Mapping[Option, float] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)

    def of(self, callback_ids: Collection[int]) -> dict[int, Planned]:
        """Return when the turn of each comes, where it can be foreseen."""
        return {
            turn.callback_id: Planned(turn.begins(), self.names[turn.agent_id])
            for turn in self.turns
            if turn.callback_id in callback_ids
        }

    def between(self, starts: datetime, ends: datetime) -> Sequence[Turn]:
        """Return the turns that begin in [starts, ends)."""
        first, last = (bisect_left(self.turns, at.timestamp(), key=_starts) for at in (starts, ends))
        return self.turns[first:last]

    def over(self, turn: Turn) -> datetime:
        """Return when its agent will have done with it, aware UTC."""
        return datetime.fromtimestamp(turn.starts, UTC) + timedelta(seconds=self.handling[Option(turn.option)])


def foresee(session: Session, rules: HouseRules, now: datetime) -> Foreseen:
    """Play the queue forward as it stands at `now`; nothing is foreseen while the calendar cannot answer."""
    try:
        known = outlook(session, rules, now)
        turns = list(known.turns())
    except RingbackError:
        return Foreseen()
    names = {row.id: row.name for row in session.execute(select(Agent.id, Agent.name))}
    return Foreseen(turns, known.handling, names)


def _starts(turn: Turn) -> float:
    return turn.starts
