"""`/schedule/switches`: dialling and intake for the whole desk, and what every caller hears first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.local_times import ends_at
from callbacks.store import switches
from callbacks.store.switches import Hand, Off
from callbacks.workflows import announcing, deciding
from models.vocabulary import Language, Role
from web import forms
from web import live as polled
from web.access import only_for, person
from web.forms import Form
from web.row_numbers import row_number


@dataclass(frozen=True)
class Lever:
    """One switch: off, by whom, why and since when; or on."""

    hand: Hand
    off: Off | None
    form: Form


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its forms."""
    pages = Blueprint("switches", __name__)

    @pages.get("/schedule/switches")
    @only_for(Role.SUPERVISOR)
    def page() -> str:
        return render_template("schedule/switches.html", **_content(services))

    @pages.post("/schedule/switches/<name>")
    @only_for(Role.SUPERVISOR)
    def turn(name: str) -> ResponseReturnValue:
        if name not in set(Hand) or request.form.get("to") not in {"on", "off"}:
            abort(404)
        hand, form, words = Hand(name), forms.typed(), polled.of(services)
        to_on = form.value("to") == "on"
        try:
            deciding.switch(services, hand, form.value("why"), person().name, on=to_on)
        except RefusedInput as error:
            form.refuse(error, words, "why")
            return forms.shown_again(
                "schedule/switches.html", url_for("switches.page"), **_content(services, typed={hand: form})
            )
        said = words.say(f"switched_on_{hand}") if to_on else words.say(f"switched_off_{hand}")
        return forms.done(said, url_for("switches.page"))

    @pages.post("/schedule/announcement")
    @only_for(Role.SUPERVISOR)
    def announce() -> ResponseReturnValue:
        form, words = forms.typed(), polled.of(services)
        try:
            announcing.announce(services, announced(form), _until(services, form), person().name)
        except RefusedInput as error:
            form.refuse(error, words, Language.NL)
            return forms.shown_again(
                "schedule/switches.html", url_for("switches.page"), **_content(services, announcement=form)
            )
        return forms.done(words.say("announcement_is_heard"), url_for("switches.page"))

    @pages.post("/schedule/announcement/clear")
    @only_for(Role.SUPERVISOR)
    def fall_silent() -> ResponseReturnValue:
        words = polled.of(services)
        try:
            announcing.fall_silent(services, person().name, row_number(request.form.get("seen")) or 0)
        except RefusedInput as error:
            form = Form()
            form.refuse(error, words)
            return forms.shown_again(
                "schedule/switches.html", url_for("switches.page"), **_content(services, announcement=form)
            )
        return forms.done(words.say("announcement_is_gone"), url_for("switches.page"))

    return pages


def announced(form: Form, *, may_be_none: bool = False) -> dict[Language, str]:
    """Return the texts typed, by language. Raises RuleRefused where there is none."""
    texts = {each: form.value(each) for each in Language if form.value(each)}
    if not texts and not may_be_none:
        message = "write a text in one language at least"
        raise RuleRefused(Rule.NO_TEXT, message, field=Language.NL)
    return texts


def _until(services: Services, form: Form) -> datetime | None:
    if not form.value("until"):
        return None
    try:
        return ends_at(form.value("until"), services.rules.zone)
    except RefusedInput as error:
        raise RuleRefused(Rule.MOMENT_UNREADABLE, str(error), field="until") from error


def _content(
    services: Services, *, typed: Mapping[Hand, Form] | None = None, announcement: Form | None = None
) -> dict[str, object]:
    mark = announcing.mark(services)
    with services.database.read() as session:
        off = {each.name: each for each in switches.all_off(session)}
    return {
        "now": services.clock.now(),
        "words": polled.of(services),
        "levers": [Lever(hand, off.get(hand), (typed or {}).get(hand, Form())) for hand in Hand],
        "mark": mark,
        "heard": announcing.what_is_heard(services),
        "form": announcement or Form(),
        "languages": list(Language),
        "longest": announcing.LONGEST,
    }
