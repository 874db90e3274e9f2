"""Who may sign in and as what: people are added, get another password or role, and are signed out."""

from datetime import timedelta
from typing import NoReturn

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.passwords import hashed, verified
from callbacks.ports import Services
from callbacks.store import accounts, people, signin
from callbacks.store.accounts import Account, SignedIn
from callbacks.store.transitions import Cause, move_agent
from callbacks.workflows.csv_rows import Mistakes, Row
from callbacks.workflows.duty import named
from callbacks.workflows.importing import agent_entry, check_apart
from callbacks.workflows.signing_in import SESSION_HOURS, digest, new_secret
from models.vocabulary import AgentState, Role

WORKS = frozenset({AgentState.FREE, AgentState.BREAK, AgentState.PAUSED})


class FirstMistake(Mistakes):
    """Refuses a person at once, where a file is read to its end."""

    def add(self, line: int, reason: str) -> NoReturn:
        """Raise RefusedInput."""
        del line
        raise RefusedInput(reason)


def add_person(services: Services, cells: dict[str, str], who: str) -> str:
    """Add a person of the desk and return the name.

    `cells` are the columns of agents.csv, by the same rules. Raises RefusedInput for what they forbid, and for somebody
    who is known already.
    """
    now, mistakes = services.clock.now(), FirstMistake("")
    new_hash = hashed(cells["password"])
    with services.database.write() as session:
        known = people.known_agents(session)
        entry = agent_entry(Row(1, cells), services.rules, (), new_hash, mistakes)
        if entry is None:
            message = "this is no person of the desk"
            raise RefusedInput(message)
        for other in known:
            if entry.name.casefold() == other.name.casefold() or entry.email == other.email.lower():
                mistakes.add(1, f"{other.name} <{other.email}> is known already; nothing is changed")
        check_apart(session, [(1, entry)], known, mistakes)
        people.save_agents(session, [entry], Cause(now, who, "added"))
    services.bell.ring("dispatch")
    services.bell.wake_clock()
    return entry.name


def set_password(services: Services, name: str, password: str, who: str) -> str:
    """Give somebody another password, sign him out everywhere and return his name. Raises RefusedInput."""
    new_hash, now = hashed(password), services.clock.now()
    with services.database.write() as session:
        agent = named(session, name)
        accounts.keep_password(session, agent.id, new_hash, Cause(now, who, "has a new password"))
        return agent.name


def change_own_password(services: Services, agent_id: int, current: str, password: str) -> str:
    """Change one's own password and return a new secret for this browser; all others are signed out.

    Raises RuleRefused where the current password is wrong or was changed meanwhile, or the new one too short.
    """
    now = services.clock.now()
    with services.database.read() as session:
        old_hash = accounts.hash_of(session, agent_id)
    if not verified(old_hash, current):
        _not_proven()
    new_hash, secret = hashed(password), new_secret()
    with services.database.write() as session:
        name = people.name_of(session, agent_id)
        cause = Cause(now, name, "changed his password")
        if not accounts.keep_password(session, agent_id, new_hash, cause, old_hash=old_hash):
            _not_proven()
        signin.open_session(session, digest(secret), agent_id, now, now + timedelta(hours=SESSION_HOURS))
    return secret


def change_role(services: Services, name: str, role: Role, who: str) -> str:
    """Make somebody an agent or a supervisor, sign him out everywhere and return his name.

    A new supervisor goes off duty. Raises RuleRefused in the middle of a call, for the last supervisor, and for an
    agent without a telephone.
    """
    now = services.clock.now()
    with services.database.write() as session:
        supervisors = accounts.supervisors(session)
        agent = named(session, name)
        name = agent.name
        if agent.role is role:
            return name
        if role is Role.AGENT and list(supervisors) == [agent.id]:
            message = f"{name} is the last supervisor; make somebody else one first"
            raise RuleRefused(Rule.LAST_SUPERVISOR, message, name=name)
        if role is Role.AGENT and agent.phone is None:
            message = f"{name} has no telephone number; enter one by importing agents.csv"
            raise RuleRefused(Rule.NO_TELEPHONE, message, name=name)
        if not accounts.keep_role(session, agent.id, role, Cause(now, who, f"is {role} now")):
            message = f"{name} is in a call; try again when it is over"
            raise RuleRefused(Rule.IN_A_CALL, message, name=name)
        if role is Role.SUPERVISOR and agent.state in WORKS:
            cause = Cause(now, who, "supervisors are not on duty")
            move_agent(session, agent.id, WORKS, AgentState.OFF_DUTY, cause, wants_off_duty=False)
    services.bell.ring("dispatch")
    services.bell.wake_clock()
    return name


def sign_out(services: Services, name: str, who: str) -> int:
    """Sign somebody out everywhere and return in how many browsers he was. Raises RefusedInput for an unknown name."""
    now = services.clock.now()
    with services.database.write() as session:
        return accounts.sign_out(session, named(session, name).id, Cause(now, who, "was signed out everywhere"))


def leave(services: Services, agent_id: int, handle: str = "") -> int:
    """Sign oneself out in one browser, or everywhere; return in how many."""
    now = services.clock.now()
    with services.database.write() as session:
        name = people.name_of(session, agent_id)
        where = "in one browser" if handle else "everywhere"
        return accounts.sign_out(session, agent_id, Cause(now, name, f"signed out {where}"), handle)


def own_browsers(services: Services, agent_id: int) -> tuple[str, list[SignedIn]]:
    """Return the address somebody signs in with, and where he is signed in."""
    now = services.clock.now()
    with services.database.read() as session:
        return accounts.email_of(session, agent_id), accounts.browsers(session, agent_id, now)


def handle_of(secret: str) -> str:
    """Return what names the browser that keeps this secret."""
    return digest(secret)[: accounts.HANDLE]


def everybody(services: Services) -> list[Account]:
    """Return everybody of the desk by name."""
    with services.database.read() as session:
        return accounts.everybody(session, services.clock.now())


def _not_proven() -> NoReturn:
    message = "this is not the current password"
    raise RuleRefused(Rule.NOT_PROVEN, message, "current")
