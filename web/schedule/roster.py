"""Shifts and absences on the page of the team: entered and taken away by supervisors."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.shifts import Shift, weekly
from callbacks.workflows import rostering
from models.vocabulary import Role
from web import live as polled
from web.access import only_for, person
from web.forms import Form, done, not_done, shown_again, typed
from web.row_numbers import row_number
from web.schedule import calendar_view, day_words, team_view
from web.spans import typed_span

LONGEST_REASON = 200
MOST_ROWS = 200
WEEKS = range(1, 5)


def add_to(pages: Blueprint, services: Services, members: Callable[[Services], dict[str, Any]]) -> None:
    """Add what the forms do; `members` is what else the page shows when one is shown again."""

    def again(shift: Form, absence: Form) -> ResponseReturnValue:
        return shown_again(
            "schedule/team.html", url_for("team.page"), **members(services), **lists(services, shift, absence)
        )

    @pages.post("/schedule/team/shifts")
    @only_for(Role.SUPERVISOR)
    def add_shift() -> ResponseReturnValue:
        form, words = _with_days(typed()), polled.of(services)
        try:
            rostering.add_shifts(services, form.value("agent"), [_shift(form)], person().name)
        except RefusedInput as refusal:
            form.refuse(refusal, words, "days")
            return again(form, _empty(services))
        return done(words.say("team_shift_entered", name=form.value("agent")), f"{url_for('team.page')}#shifts")

    @pages.post("/schedule/team/shifts/remove")
    @only_for(Role.SUPERVISOR)
    def remove_shift() -> ResponseReturnValue:
        return _remove(services, rostering.remove_shift, "team_shift_removed")

    @pages.post("/schedule/team/absences")
    @only_for(Role.SUPERVISOR)
    def add_absence() -> ResponseReturnValue:
        form, words = typed(), polled.of(services)
        why = form.value("why")[:LONGEST_REASON]
        try:
            starts, ends = typed_span(form, services.rules.zone)
            rostering.add_absence(services, form.value("agent"), starts, ends, why, person().name)
        except RefusedInput as refusal:
            form.refuse(refusal, words, "from_day")
            return again(_empty(services), form)
        return done(words.say("team_absence_entered", name=form.value("agent")), f"{url_for('team.page')}#absences")

    @pages.post("/schedule/team/absences/remove")
    @only_for(Role.SUPERVISOR)
    def remove_absence() -> ResponseReturnValue:
        return _remove(services, rostering.remove_absence, "team_absence_removed")


def lists(services: Services, shift: Form | None = None, absence: Form | None = None) -> dict[str, Any]:
    """Return shifts and absences as the page shows them, and the two forms as they were typed."""
    words, now = polled.of(services), services.clock.now()
    return {
        "shift": shift or _empty(services),
        "absence": absence or _empty(services),
        "shifts": [
            (each, team_view.days_line(each, words), day_words.date_of(each.first_day, now, words))
            for each in rostering.shifts(services)[:MOST_ROWS]
        ],
        "absences": [
            (each, calendar_view.span_line(each.starts, each.ends, words, now))
            for each in rostering.absences(services)[:MOST_ROWS]
        ],
        "takers": [(name, name) for name in rostering.takers(services)],
        "weekdays": [(day.lower(), words.say(f"weekday_{n}")) for n, day in enumerate(team_view.DAYS)],
        "weeks": [(n, words.say("team_every_week") if n == 1 else words.say("team_weeks", weeks=n)) for n in WEEKS],
    }


def _empty(services: Services) -> Form:
    """Return a form with what is most often meant: the working week, from today on."""
    today = services.clock.now().astimezone(services.rules.zone).date()
    return Form({"days": "mo tu we th fr", "first_day": f"{today}", "every": "1"})


def _with_days(form: Form) -> Form:
    """Return the form with all days that are ticked, of which each was sent by itself."""
    return Form({**form.values, "days": " ".join(request.form.getlist("days"))})


def _shift(form: Form) -> Shift:
    days = form.value("days").split()
    rule = weekly(",".join(days), _weeks(form))
    start, end = rostering.hours(f"{form.value('from_time')}-{form.value('until_time')}")
    try:
        first = date.fromisoformat(form.value("first_day"))
    except ValueError:
        message = f"{form.value('first_day')!r} is no day"
        raise RuleRefused(Rule.NO_TIME, message, "first_day") from None
    return Shift(rule, first, start, end)


def _weeks(form: Form) -> int:
    return int(form.value("every")) if form.value("every") in {str(n) for n in WEEKS} else 1


def _remove(services: Services, take_away: Callable[[Services, int, str], None], told: str) -> ResponseReturnValue:
    number = row_number(request.form.get("number")) or 0
    words = polled.of(services)
    try:
        take_away(services, number, person().name)
    except RefusedInput as refusal:
        return not_done(refusal, words)
    return done(words.say(told), url_for("team.page"))
