"""`/schedule/tickets/new`: what came in by another way than the hotline, written down by whoever was told."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.phone_numbers import NumberRefused
from callbacks.rules.search_words import LONGEST
from callbacks.store import contacts, missed_calls
from callbacks.store.callers import HOUSE_LANGUAGE, recognise
from callbacks.store.contacts import Known
from callbacks.workflows import booking, taking_down
from callbacks.workflows.booking import Slot
from callbacks.workflows.taking_down import Report
from models.vocabulary import Language, Option, Role
from web import access, forms, own_language
from web import live as polled
from web.access import only_for, person
from web.forms import Form
from web.row_numbers import row_number
from web.spans import typed_minute
from web.words import Words

Page = str | tuple[str, int]
NO_CALL = "none"
TICKET_PAGES = {Role.SUPERVISOR: "ticket.page", Role.AGENT: "desk_ticket.page"}
SECRET_BYTES = 18
SUBJECT_LIMIT = 200


@dataclass(frozen=True)
class About:
    """Whom the form is about so far: chosen, recognised by the number of a missed call, or said to be a stranger."""

    known: Known | None
    number: str
    language: Language
    missed: str
    is_stranger: bool = False
    is_gone: bool = False
    """Somebody, or a missed call, was named that is not there any more."""


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its form."""
    pages = Blueprint("new_ticket", __name__)

    @pages.get("/schedule/tickets/new")
    @only_for(Role.SUPERVISOR, Role.AGENT)
    def page() -> Page:
        about, words = _about(services, request.args), polled.of(services)
        if about.is_gone:
            abort(404)
        fresh = secrets.token_urlsafe(SECRET_BYTES)
        values = {"form": fresh, "number": _shown(about, words), "language": str(about.language)}
        return render_template("schedule/new_ticket.html", **_content(services, about, Form(values)))

    @pages.post("/schedule/tickets/new/look")
    @only_for(Role.SUPERVISOR, Role.AGENT)
    def look() -> Page:
        # Sent like the form itself: what was typed comes along, and a customer's troubles stand in no address.
        form, words = forms.typed(), polled.of(services)
        before, given = _about(services, form.values), _with_choice(form)
        about = _about(services, given)
        again = Form({**form.values, **_filled_in(form, before, about, words)})
        if about.is_gone:
            message = "whoever was chosen is not there any more"
            again.refuse(RuleRefused(Rule.NO_SUCH_CONTACT, message, field="contact"), words)
        page = {"page_address": url_for("new_ticket.page"), **_content(services, about, again)}
        return render_template("schedule/new_ticket.html", **page)

    @pages.post("/schedule/tickets/new")
    @only_for(Role.SUPERVISOR, Role.AGENT)
    def take_down() -> AnyResponse | Page:
        form, words, who = forms.typed(), polled.of(services), person()
        try:
            number = taking_down.take_down(services, _report(services, form), who)
        except RefusedInput as refused:
            form.refuse(refused, words, "number" if isinstance(refused, NumberRefused) else "")
            about = _about(services, form.values)
            return forms.shown_again(
                "schedule/new_ticket.html", url_for("new_ticket.page"), **_content(services, about, form)
            )
        told = words.say("new_ticket_done", ticket=number)
        return forms.done(told, url_for(TICKET_PAGES[who.role], number=number))

    return pages


def _content(services: Services, about: About, form: Form) -> dict[str, object]:
    words, now, typed = polled.of(services), services.clock.now(), request.values.get("q", "").strip()[:LONGEST]
    with services.database.read() as session:
        found = contacts.search(session, typed)
    return {
        "form": form,
        "words": words,
        "about": about,
        "typed": typed,
        "found": found,
        "tongues": own_language.CHOICES,
        "moments": _moments(booking.moments(services), words, now),
        "home": access.home_of(person().role),
    }


def _about(services: Services, given: Mapping[str, str]) -> About:
    """Return whom the form is about; nobody, and `is_gone`, for somebody or a missed call that is not there.

    Customer 0 is nobody we know: somebody said so, and the number of the missed call names nobody any more.
    """
    contact_id, customer_id, missed = (
        row_number(given.get("contact")),
        row_number(given.get("customer")),
        given.get("missed", ""),
    )
    with services.database.read() as session:
        call = missed_calls.one(session, missed) if missed else None
        language = call.language if call else HOUSE_LANGUAGE
        number = (call.number if call else None) or ""
        if call is not None and contact_id is None and customer_id is None:
            caller = recognise(session, call.number)
            contact_id, customer_id = caller.contact_id, caller.customer_id
        known = None
        if contact_id is not None:
            known = contacts.contact(session, contact_id)
        elif customer_id:
            known = contacts.company(session, customer_id)
    is_gone = (known is None and bool(contact_id or customer_id)) or (call is None and bool(missed))
    spoken = (known.language if known else None) or language
    about = About(known, number, spoken, missed if call else "", customer_id == 0, is_gone)
    return replace(about, number=known.numbers[0]) if known and known.numbers and not number else about


def _with_choice(form: Form) -> dict[str, str]:
    """Return what was typed, with whoever was chosen just now ("contact-7", "customer-3") in the place of the last."""
    kind, _, number = form.value("choose").partition("-")
    if kind not in {"contact", "customer"}:
        return dict(form.values)
    return {**{name: value for name, value in form.values.items() if name not in {"contact", "customer"}}, kind: number}


def _filled_in(form: Form, before: About, about: About, words: Words) -> dict[str, str]:
    """Return the number and the language of whoever is chosen now, where nobody typed another."""
    filled = {}
    if form.value("number") in {"", _shown(before, words)}:
        filled["number"] = _shown(about, words)
    if form.value("language") in {"", before.language}:
        filled["language"] = str(about.language)
    return filled


def _shown(about: About, words: Words) -> str:
    return words.number(about.number) if about.number else ""


def _report(services: Services, form: Form) -> Report:
    """Return what was filled in; in a choice, what we did not offer counts for nothing."""
    moment = typed_minute(form.value("moment"))
    length = timedelta(minutes=services.rules.slot_minutes)
    return Report(
        option=Option.OUTAGE if form.value("option") == str(Option.OUTAGE.value) else Option.QUESTION,
        language=next((each for each in Language if each == form.value("language")), HOUSE_LANGUAGE),
        subject=form.value("subject")[:SUBJECT_LIMIT],
        form=form.value("form")[:LONGEST],
        number=form.value("number"),
        contact_id=row_number(form.value("contact")),
        customer_id=row_number(form.value("customer")) or None,
        is_stranger=row_number(form.value("customer")) == 0,
        note=form.value("note"),
        calls_back=form.value("moment") != NO_CALL,
        moment=Slot(moment, moment + length) if moment else None,
        missed=form.value("missed"),
    )


def _moments(slots: list[Slot], words: Words, now: datetime) -> list[tuple[str, str]]:
    free = [
        (str(int(slot.starts.timestamp()) // 60), f"{words.moment(slot.starts, now)}–{words.clock(slot.ends)}")
        for slot in slots
    ]
    return [("", words.say("new_ticket_soon")), (NO_CALL, words.say("new_ticket_no_call")), *free]
