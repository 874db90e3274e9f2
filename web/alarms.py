"""What stands on top: alarms and what is switched off on every page of the staff, open incidents on the live ones."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.store import alarms, incidents, switches
from callbacks.store.alarms import Shown
from callbacks.store.incidents import Failure
from callbacks.store.switches import Off
from callbacks.workflows import alarming
from models.vocabulary import AlarmKind, Role
from web import forms
from web import live as polled
from web.access import only_for, person
from web.words import Words

MOST = 6
"""Alarms that are read one by one; of more, their number is enough."""


@dataclass(frozen=True)
class Banner:
    """One alarm in words. `sounds`: whoever reads this page is to hear it as well."""

    id: int
    kind: AlarmKind
    since: datetime
    whom: str
    address: str
    sounds: bool


@dataclass(frozen=True)
class Top:
    """Everything that stands on top; `more` is how many alarms are not named."""

    alarms: list[Banner]
    more: int
    off: list[Off]
    incidents: list[Failure]
    to_supervisor: bool

    @property
    def count(self) -> int:
        """Return how many alarms there are, named or not."""
        return len(self.alarms) + self.more


def create_blueprint(services: Services) -> Blueprint:
    """Return the hand that says of an alarm that it was seen."""
    pages = Blueprint("alarms", __name__)

    @pages.post("/schedule/alarms/<int:number>/seen")
    @only_for(Role.SUPERVISOR)
    def seen(number: int) -> AnyResponse:
        words = polled.of(services)
        try:
            alarming.seen(services, number, person().name)
        except RefusedInput as error:
            return forms.not_done(error, words)
        return forms.done(words.say("alarm_was_seen"))

    return pages


def shown(services: Services, words: Words, role: Role) -> Top:
    """Return what somebody of this role is to see now."""
    to_supervisor = role is Role.SUPERVISOR
    with services.database.read() as session:
        standing = alarms.shown(session, to_supervisors=to_supervisor)
        off = switches.all_off(session)
        failures = incidents.still_open(session)
    banners = [_banner(each, words, to_supervisor=to_supervisor) for each in standing[:MOST]]
    return Top(banners, len(standing) - len(banners), off, failures, to_supervisor)


def on_top(services: Services) -> tuple[Top, Words, datetime]:
    """Return what whoever is signed in is to see now, and what its template says it with."""
    words = polled.of(services)
    return shown(services, words, person().role), words, services.clock.now()


def _banner(alarm: Shown, words: Words, *, to_supervisor: bool) -> Banner:
    address = ""
    if alarm.ticket is not None:
        address = url_for("ticket.page" if to_supervisor else "desk_ticket.page", number=alarm.ticket)
    return Banner(
        id=alarm.id,
        kind=alarm.kind,
        since=alarm.since,
        whom=f"{alarm.ticket} {alarm.company or words.number(alarm.number)}" if alarm.ticket is not None else "",
        address=address,
        # An agent hears what is his alone: the others' alarms must not break into his talk.
        sounds=to_supervisor or alarm.pinned_to == person().id,
    )
