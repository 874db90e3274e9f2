"""`/schedule/incidents/<number>`: one failure, everybody who reports it, one answer and one closing for all."""

import re

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import incident_reporters
from callbacks.store import incidents as stored
from callbacks.workflows import announcing, incidents
from callbacks.workflows.incidents import Seen
from models.vocabulary import Language, Option, Role, TicketState
from web import forms
from web import live as polled
from web.access import only_for, person
from web.forms import Form
from web.row_numbers import row_number

PARTED = re.compile(r"[\s,;]+")
LONGEST_SEARCH = 80


def create_blueprint(services: Services) -> Blueprint:
    """Return the page of one incident and its forms."""
    pages = Blueprint("incident", __name__)

    @pages.get("/schedule/incidents/<int:number>")
    @only_for(Role.SUPERVISOR)
    def page(number: int) -> str:
        return render_template("schedule/incident.html", **_one(services, number, Form()))

    @pages.post("/schedule/incidents/<int:number>/mark")
    @only_for(Role.SUPERVISOR)
    def mark(number: int) -> ResponseReturnValue:
        return _mark(services, number)

    @pages.post("/schedule/incidents/<int:number>/leave/<int:ticket>")
    @only_for(Role.SUPERVISOR)
    def leave(number: int, ticket: int) -> AnyResponse:
        words = polled.of(services)
        try:
            incidents.unmark(services, number, ticket, person().name)
        except RefusedInput as error:
            return forms.not_done(error, words)
        return forms.done(words.say("incident_left", ticket=ticket), url_for("incident.page", number=number))

    @pages.post("/schedule/incidents/<int:number>/answer")
    @only_for(Role.SUPERVISOR)
    def answer(number: int) -> ResponseReturnValue:
        return _answer(services, number)

    @pages.post("/schedule/incidents/<int:number>/close")
    @only_for(Role.SUPERVISOR)
    def close(number: int) -> ResponseReturnValue:
        return _close(services, number)

    return pages


def _mark(services: Services, number: int) -> ResponseReturnValue:
    form, words = forms.typed(), polled.of(services)
    try:
        marked = incidents.mark(services, number, _numbers(form), person().name)
    except RefusedInput as error:
        form.refuse(error, words, "ticket")
        return forms.shown_again("schedule/incident.html", _address(number), **_one(services, number, form))
    return forms.done(words.say("incident_marked", count=marked))


def _answer(services: Services, number: int) -> ResponseReturnValue:
    form, words = forms.typed(), polled.of(services)
    texts = {each: form.value(f"answer-{each}") for each in Language}
    times = row_number(form.value("times")) or 0
    try:
        done = incidents.answer_all(services, number, texts, times, person().name)
    except RefusedInput as error:
        form.refuse(error, words)
        return forms.shown_again("schedule/incident.html", _address(number), **_one(services, number, form))
    said = words.say("incident_answered", count=done.mails)
    if done.without_address:
        said += " " + words.say("incident_without_address", tickets=_listed(done.without_address))
    if done.failed:
        said += " " + words.say("incident_not_written", tickets=_listed(done.failed))
    return forms.done(said, url_for("incident.page", number=number))


def _close(services: Services, number: int) -> ResponseReturnValue:
    form, words = forms.typed(), polled.of(services)
    seen = Seen(form.value("seen"), row_number(form.value("announcement")) or 0)
    try:
        done = incidents.close_all(services, number, person().name, silence=form.value("silence") == "yes", seen=seen)
    except RefusedInput as error:
        form.refuse(error, words)
        return forms.shown_again("schedule/incident.html", _address(number), **_one(services, number, form))
    said = words.say("incident_closed_tickets", count=done.tickets)
    if done.remaining:
        said += " " + words.say("incident_remaining", tickets=_listed(done.remaining))
    return forms.done(said, url_for("incident.page", number=number))


def _numbers(form: Form) -> set[int]:
    """Return the tickets ticked and those typed. Raises RuleRefused for a word that is no number."""
    numbers = set()
    for word in filter(None, [*request.form.getlist("tick"), *PARTED.split(form.value("ticket"))]):
        number = row_number(word)
        if number is None:
            message = f"{word!r} is no ticket"
            raise RuleRefused(Rule.NO_SUCH_TICKET, message, field="ticket", ticket=word)
        numbers.add(number)
    return numbers


def _address(number: int) -> str:
    """Return the address of the page with what was looked for on it."""
    wanted, pressed = request.form.get("q") or None, request.form.get("option") or None
    return url_for("incident.page", number=number, q=wanted, option=pressed)


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _one(services: Services, number: int, form: Form) -> dict[str, object]:
    # A form that is shown again sends along what was looked for.
    wanted = request.values.get("q", "").strip()[:LONGEST_SEARCH]
    pressed = request.values.get("option", "")
    ticked = {ticket for each in request.form.getlist("tick") if (ticket := row_number(each)) is not None}
    option = Option(int(pressed)) if pressed in {str(each.value) for each in Option} else None
    announcement = announcing.mark(services)
    with services.database.read() as session:
        incident = stored.one(session, number)
        if incident is None:
            abort(404)
        reporters = incident_reporters.reporters(session, number)
        candidates = (
            incident_reporters.candidates(session, number, option, wanted) if incident.closed_at is None else []
        )
        times = stored.times_answered(session, number)
    return {
        "now": services.clock.now(),
        "words": polled.of(services),
        "languages": list(Language),
        "longest_answer": incidents.ANSWER_LIMIT,
        "incident": incident,
        "reporters": reporters,
        "seen": Seen(incident_reporters.mark(reporters), announcement),
        "candidates": candidates,
        "ticked": ticked,
        "elsewhere": sorted(ticked - {each.number for each in candidates}),
        "most": incident_reporters.MOST_CANDIDATES,
        "times": times,
        "form": form,
        "filter": Form({"q": wanted, "option": pressed}),
        "options": list(Option),
        "closed": TicketState.CLOSED,
        "heard": announcing.what_is_heard(services),
    }
