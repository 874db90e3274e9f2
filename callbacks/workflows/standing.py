"""Where an agent stands who has proven himself on the telephone, and what he says of his duty there."""

from dataclasses import dataclass

from callbacks.ports import Services
from callbacks.store import agents, legs
from callbacks.store.transitions import Cause
from callbacks.workflows import dossier, duty, owing, proving
from callbacks.workflows.duty import StillMoving, Wish
from models.vocabulary import AgentState, Language


@dataclass(frozen=True)
class Standing:
    """What is true of him now. `leaves`: off duty after this call. `owes`: the ticket whose talk waits for his word."""

    language: Language
    state: AgentState
    leaves: bool
    owes: int | None
    has_dossier: bool

    def offers(self, wish: Wish) -> bool:
        """Say whether a wish would change anything."""
        if self.state in duty.BUSY:
            return wish is (Wish.ON if self.leaves else Wish.OFF)
        return {
            Wish.ON: self.state is not AgentState.FREE,
            Wish.OFF: self.state is not AgentState.OFF_DUTY,
            Wish.BREAK: self.state is AgentState.FREE,
        }[wish]


def look(services: Services, call_sid: str) -> Standing | None:
    """Return how things stand for the agent on this call; None for whoever has not proven himself on it."""
    now = services.clock.now()
    with services.database.read() as session:
        agent = proving.proven(session, call_sid)
        if agent is None:
            return None
        owed = owing.talk(session, agent.id, now, services.rules.zone)
        offered = dossier.offered(session, agent.id, now, services.rules.zone)
        return Standing(
            language=agents.languages(agent)[0],
            state=agent.state,
            leaves=agent.wants_off_duty and agent.state in duty.BUSY,
            owes=owed.ticket if owed else None,
            has_dossier=offered is not None,
        )


def says(services: Services, call_sid: str, wish: Wish, event: str) -> None:
    """Do what the agent on this call says of his duty, once; it holds until the next edge of his shifts."""
    now = services.clock.now()
    with services.database.write() as session:
        # Locked, so that no change comes between what he is and what he becomes.
        agent = proving.proven(session, call_sid, lock=True)
        if agent is None or not legs.first_time(session, event, now):
            return
        if duty.wished(session, agent, wish, Cause(now, agent.name, f"{wish}, by telephone")) is None:
            raise StillMoving(agent.name)
    services.bell.wake_clock()
