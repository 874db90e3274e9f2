"""Everybody of the desk as a supervisor looks at his team: what each does, works today, and where he is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.moved_moments import day_span
from callbacks.rules.shifts import spells
from callbacks.rules.windows import Span
from callbacks.store import accounts, roster
from callbacks.store.roster import Rota
from callbacks.workflows import proving
from models import agent as tables
from models.agent import Agent
from models.vocabulary import AgentState, Role


@dataclass(frozen=True)
class Member:
    """One person of the desk.

    `works` are the stretches of today in which he works by his shifts less his absences; None for who comes and goes by
    his own word. `away_why` is the reason of his break, `absent_why` that of the absence he is on now, each None where
    there is none. `browsers` counts where he is signed in.
    """

    id: int
    name: str
    role: Role
    state: AgentState
    since: datetime
    languages: str
    takes_calls: bool
    wants_off_duty: bool
    away_why: str | None
    absent_why: str | None
    pin_is_locked: bool
    works: Sequence[Span] | None
    browsers: int


def team(services: Services) -> list[Member]:
    """Return everybody of the desk: who takes calls on top, by name."""
    now, zone = services.clock.now(), services.rules.zone
    today = day_span(now.astimezone(zone).date(), zone)
    with services.database.read() as session:
        rotas, browsers = roster.rotas(session, now), accounts.browsers_of_all(session, now)
        absent = _absent(session, now)
        rows = session.scalars(select(Agent).order_by(Agent.role, Agent.name))
        return [
            Member(
                id=row.id,
                name=row.name,
                role=row.role,
                state=row.state,
                since=row.state_since,
                languages=row.languages,
                takes_calls=row.role is Role.AGENT and row.phone is not None,
                wants_off_duty=row.wants_off_duty,
                away_why=row.away_why if row.state is AgentState.BREAK else None,
                absent_why=absent.get(row.id),
                pin_is_locked=proving.is_locked(row, now),
                works=_works(rotas.get(row.id), services, today),
                browsers=browsers.get(row.id, 0),
            )
            for row in rows
        ]


def browsers(services: Services) -> int:
    """Return in how many browsers anybody is signed in: no row of the history tells of a sign-in."""
    with services.database.read() as session:
        return sum(accounts.browsers_of_all(session, services.clock.now()).values())


def _works(rota: Rota | None, services: Services, today: Span) -> Sequence[Span] | None:
    if rota is None or not rota.shifts:
        return None
    return spells(rota.shifts, rota.absences, services.rules.zone, *today)


def _absent(session: Session, now: datetime) -> dict[int, str]:
    rows = session.scalars(select(tables.Absence).where(tables.Absence.starts <= now, tables.Absence.ends > now))
    return {row.agent_id: row.why for row in rows}
