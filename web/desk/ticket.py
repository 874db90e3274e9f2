"""`/desk/tickets/<number>`: one ticket as an agent works on it. Nothing here is polled: it is full of forms."""

from datetime import datetime

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.rules.durations import as_typed
from callbacks.store import ticket_file
from callbacks.store.ticket_file import TicketFile
from callbacks.workflows import closing, reclassifying
from models.vocabulary import CallbackState, Option, Role, TicketState
from web import live
from web.access import only_for, person
from web.desk import talk as talks
from web.forms import REFUSED, Form, done, not_done
from web.words import Words

FORMS = ("note", "outcome", "work", "correction", "to_do")


def create_blueprint(services: Services) -> Blueprint:
    """Return the page of one ticket, and its buttons without fields."""
    pages = Blueprint("desk_ticket", __name__)

    @pages.get("/desk/tickets/<int:number>")
    @only_for(Role.AGENT)
    def page(number: int) -> str:
        return shown(services, number)

    @pages.post("/desk/tickets/<int:number>/close")
    @only_for(Role.AGENT)
    def close(number: int) -> AnyResponse:
        words = live.of(services)
        try:
            mailed = closing.close(services, number, person())
        except RefusedInput as error:
            return not_done(error, words)
        return done(words.say("file_closed_mailed" if mailed else "file_closed_now"))

    @pages.post("/desk/tickets/<int:number>/reopen")
    @only_for(Role.AGENT)
    def reopen(number: int) -> AnyResponse:
        words = live.of(services)
        try:
            closing.reopen(services, number, person())
        except RefusedInput as error:
            return not_done(error, words)
        return done(words.say("file_open_again"))

    @pages.post("/desk/tickets/<int:number>/option")
    @only_for(Role.AGENT)
    def option(number: int) -> AnyResponse:
        words = live.of(services)
        wanted = request.form.get("option", "")
        if wanted not in {str(int(each)) for each in Option}:
            abort(400)
        try:
            reclassifying.reclassify(services, number, Option(int(wanted)), person())
        except RefusedInput as error:
            return not_done(error, words)
        return done(words.say("file_now", what=words.say(f"option_{wanted}")))

    return pages


def refused(services: Services, number: int, **sent: Form) -> tuple[str, int]:
    """Show the ticket again with a form as it was typed, and what is wrong beside its fields."""
    return shown(services, number, **sent), REFUSED


def shown(services: Services, number: int, **sent: Form) -> str:
    """Return the page of a ticket, with what was typed into one of its forms; 404 for a number that is nobody's."""
    words, now, who = live.of(services), services.clock.now(), person()
    with services.database.read() as session:
        file = ticket_file.of_number(session, number)
    if file is None:
        abort(404)
    waits = next((talk for talk in reversed(file.talks) if talk.waits and talk.agent_id == who.id), None)
    return render_template(
        "desk/ticket.html",
        page_address=url_for("desk_ticket.page", number=number),
        file=file,
        now=now,
        words=words,
        today=now.astimezone(words.zone).date(),
        here=url_for("desk_ticket.page", number=number),
        is_open=file.state is not TicketState.CLOSED,
        other_option=talks.other(file.option),
        tries=[(talk, *talks.became(talk, words)) for talk in file.talks],
        total=sum(entry.seconds for entry in file.entries),
        as_typed=as_typed,
        waits=waits,
        choices=talks.choices(services, words) if waits else None,
        promised=_promised(file, words, now),
        **{name: sent.get(name, Form()) for name in FORMS},
    )


def _promised(file: TicketFile, words: Words, now: datetime) -> str:
    """Return in one line what we still owe the customer; empty where it is nothing."""
    if file.promised is None:
        return ""
    if file.promised.state is CallbackState.NEEDS_HUMAN:
        return words.say("file_promised_needs_human")
    if file.promised.promise is not None:
        starts, ends = file.promised.promise
        line = words.say("file_promised_between", starts=words.moment(starts, now), ends=words.clock(ends))
    elif file.promised.not_before is not None:
        line = words.say("file_promised_from", starts=words.moment(file.promised.not_before, now))
    else:
        line = words.say("file_promised_open")
    return f"{line} · {file.promised.pinned}" if file.promised.pinned else line
