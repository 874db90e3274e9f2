"""`/schedule/tickets/<number>`: everything about one ticket, and what a supervisor may do about it.

The facts and the trail are fetched again every two seconds; the forms beside them are not, so that nothing typed is
lost. A form that is refused shows the page again with what was typed, why not, and how things stand now.
"""

from typing import Any

from flask import Blueprint, abort, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.rules.queue_order import HOUR
from callbacks.store import hours, incidents, messages, ticket_facts, trail
from callbacks.store.ticket_facts import Promised, TicketFacts
from callbacks.workflows import booking
from callbacks.workflows.taking_in_hand import AT_REST, IN_THE_QUEUE
from models.vocabulary import CallbackState, Option, Role, TicketState
from web import alarms
from web import live as polled
from web.access import only_for, person
from web.forms import Form, shown_again
from web.schedule import ticket_view, trail_view
from web.words import Words

TEMPLATE = "schedule/ticket.html"
OFFERED = 40


def create_blueprint(services: Services) -> Blueprint:
    """Return the page of one ticket and its live part."""
    pages = Blueprint("ticket", __name__)

    @pages.get("/schedule/tickets/<int:number>")
    @only_for(Role.SUPERVISOR)
    def page(number: int) -> str:
        return render_template(TEMPLATE, **_content(services, number))

    @pages.get("/schedule/tickets/<int:number>/live")
    @only_for(Role.SUPERVISOR)
    def live(number: int) -> AnyResponse:
        return polled.answer(services, "schedule/ticket_live.html", lambda: _live(services, _facts(services, number)))

    return pages


def refused(services: Services, number: int, hand: str, form: Form) -> tuple[str, int]:
    """Show the page of a ticket again, with the form of one hand as it was typed and why it is not done."""
    return shown_again(TEMPLATE, url_for("ticket.page", number=number), **_content(services, number, hand, form))


def _facts(services: Services, number: int) -> TicketFacts:
    with services.database.read() as session:
        facts = ticket_facts.read(session, number)
    if facts is None:
        abort(404)
    return facts


def _live(services: Services, facts: TicketFacts) -> dict[str, Any]:
    words, now = polled.of(services), services.clock.now()
    with services.database.read() as session:
        steps = trail.of_ticket(session, facts.id)
        left = messages.of_tickets(session, {facts.number, *facts.merged})
        starts = hours.head_starts(services.rules)
    return {
        "alarms": alarms.shown(services, words, person().role),
        "words": words,
        "updated": words.clock_seconds(now),
        "facts": facts,
        "head": ticket_view.head(facts, words, now),
        "callbacks": [ticket_view.standing(each, words, now, starts) for each in facts.callbacks],
        "mails": [ticket_view.posted(each, words, now) for each in facts.mails],
        "messages": [each for number in sorted(left) for each in left[number]],
        "notes": [step for step in steps if isinstance(step, trail.Noted)],
        "worked": [trail_view.line(step, words) for step in steps if isinstance(step, trail.Worked)],
        "days": trail_view.days(steps, words),
        "now": now,
    }


def _content(services: Services, number: int, hand: str = "", form: Form | None = None) -> dict[str, Any]:
    facts = _facts(services, number)
    content = _live(services, facts)
    words: Words = content["words"]
    current = facts.open
    with services.database.read() as session:
        agents = ticket_facts.ringable(session)
        failures = incidents.still_open(session) if facts.state is not TicketState.CLOSED else []
    return {
        **content,
        "hand": hand,
        "refused": form or Form(),
        "current": current,
        "forms": _forms(facts, hand, form),
        "may": _may(current),
        "slots": _slots(services, current, words),
        "agents": [("", words.say("hand_everybody")), *((each.id, ticket_view.agent(each, words)) for each in agents)],
        "options": [(option.value, words.say(f"option_{option.value}")) for option in Option],
        "incidents": failures,
        "others": [(each, words.say("the_ticket", ticket=each)) for each in facts.same_number],
    }


def _forms(facts: TicketFacts, hand: str, form: Form | None) -> dict[str, Form]:
    """Return what stands in each form: how things are, or what was typed in the one that is not taken."""
    current = facts.open
    values: dict[str, dict[str, str]] = {name: {} for name in ticket_view.HANDS}
    if current is not None:
        given = current.standing.given_head_start
        values["pin"] = {"agent": str(current.pinned_id or "")}
        values["prioritise"] = {"option": str(current.option.value), "hours": f"{given / HOUR:g}"}
    forms = {name: Form(filled) for name, filled in values.items()}
    if hand and form is not None:
        forms[hand] = form
    return forms


def _may(current: Promised | None) -> dict[str, bool]:
    """Return which hands there are for a call-back as it stands."""
    state = current.state if current else None
    called_now = current is not None and current.standing.is_called_now
    return {
        "queue": state in IN_THE_QUEUE,
        "rest": state in AT_REST,
        "decide": state is CallbackState.NEEDS_HUMAN,
        "cancel": state in AT_REST or state in {CallbackState.PREPARING, CallbackState.ACTIVE},
        "now": state in AT_REST and not called_now and current is not None and current.number is not None,
    }


def _slots(services: Services, current: Promised | None, words: Words) -> list[tuple[object, str]]:
    """Return the free moments that a customer might choose himself, each by the minute since 1970 it begins at."""
    if current is None or current.state not in IN_THE_QUEUE:
        return []
    now = services.clock.now()
    return [
        (int(slot.starts.timestamp()) // 60, f"{words.moment(slot.starts, now)}–{words.clock(slot.ends)}")
        for slot in booking.offers(services, current.id, None, OFFERED)
    ]
