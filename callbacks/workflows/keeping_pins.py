"""An agent gets a PIN for the telephone, or loses it. Only its argon2 hash is kept."""

from callbacks.errors import RefusedInput
from callbacks.passwords import HASHER
from callbacks.ports import Services
from callbacks.rules.pins import check_pin
from callbacks.store import callers
from callbacks.store.transitions import Cause, note
from callbacks.workflows.duty import named
from models.vocabulary import Subject


def set_pin(services: Services, name: str, pin: str, who: str) -> str:
    """Give the agent this PIN, and return his name as it is written.

    Wrong ones are forgotten, a lock included; a call on which he proved himself by the old one is nobody's any more.
    Raises RefusedInput for an unknown name, for somebody without telephone, and for a PIN that may not be chosen.
    """
    with services.database.read() as session:
        phone = named(session, name).phone
    if phone is None:
        message = f"{name} has no telephone number, and cannot be known by it"
        raise RefusedInput(message)
    check_pin(pin, phone)
    return _keep(services, name, HASHER.hash(pin), who, "has a new PIN for the telephone")


def remove_pin(services: Services, name: str, who: str) -> str:
    """Take the agent's PIN away: the hotline knows him no more. Raises RefusedInput for an unknown name."""
    return _keep(services, name, None, who, "has no PIN for the telephone any more")


def _keep(services: Services, name: str, pin_hash: str | None, who: str, why: str) -> str:
    now = services.clock.now()
    with services.database.write() as session:
        agent = named(session, name)
        if agent.phone is not None:
            # First, as every other takes the line before the agent; a PIN that is being keyed waits for the new one.
            callers.unprove_lines(session, agent.phone)
        agent.pin_hash, agent.pin_failures, agent.pin_locked_at = pin_hash, 0, None
        note(session, Subject.AGENT, agent.id, agent.state, Cause(now, who, why))
        return agent.name
