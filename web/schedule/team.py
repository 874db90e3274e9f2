"""`/schedule/team`: who is on duty and since when, live; below it shifts and absences, and who is signed in."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.workflows import duty, keeping_accounts, knowing_team
from models.vocabulary import Role
from web import alarms
from web import live as polled
from web.access import only_for, person
from web.forms import done, not_done
from web.schedule import roster, team_view

WISHES = {"on": duty.come_on_duty, "off": duty.go_off_duty, "break": duty.take_a_break}
TOLD = {
    duty.Duty.ON: "team_on",
    duty.Duty.OFF: "team_off",
    duty.Duty.BREAK: "team_break",
    duty.Duty.OFF_AFTER_CALL: "team_off_after_call",
    duty.Duty.STAYS_ON: "team_stays_on",
    duty.Duty.STAYS_OFF: "team_stays_off",
    duty.Duty.STAYS_AWAY: "team_stays_away",
    duty.Duty.STAYS_PAUSED: "team_stays_paused",
}


def create_blueprint(services: Services) -> Blueprint:
    """Return the page, its live part and what its buttons do; the forms below it are in `roster`."""
    pages = Blueprint("team", __name__)

    @pages.get("/schedule/team")
    @only_for(Role.SUPERVISOR)
    def page() -> str:
        return render_template("schedule/team.html", **members(services), **roster.lists(services))

    @pages.get("/schedule/team/live")
    @only_for(Role.SUPERVISOR)
    def live() -> AnyResponse:
        browsers = str(knowing_team.browsers(services))
        return polled.answer(services, "schedule/team_live.html", lambda: members(services), also=browsers)

    @pages.post("/schedule/team/duty/<wish>")
    @only_for(Role.SUPERVISOR)
    def wishes(wish: str) -> ResponseReturnValue:
        if wish not in WISHES:
            abort(404)
        name, words = request.form.get("agent", ""), polled.of(services)
        try:
            became = WISHES[wish](services, name, person().name)
        except RefusedInput as refusal:
            return not_done(refusal, words)
        return done(words.say(TOLD[became], name=name), url_for("team.page"))

    @pages.post("/schedule/team/sign-out")
    @only_for(Role.SUPERVISOR)
    def sign_out() -> ResponseReturnValue:
        name, words = request.form.get("agent", ""), polled.of(services)
        try:
            ended = keeping_accounts.sign_out(services, name, person().name)
        except RefusedInput as refusal:
            return not_done(refusal, words)
        return done(words.say("team_signed_out", name=name, browsers=ended), url_for("team.page"))

    roster.add_to(pages, services, members)
    return pages


def members(services: Services) -> dict[str, Any]:
    """Return what the live part shows."""
    words, now = polled.of(services), services.clock.now()
    return {
        "now": now,
        "words": words,
        "updated": words.clock_seconds(now),
        "alarms": alarms.shown(services, words, person().role),
        "team": [(each, team_view.works_line(each.works, words)) for each in knowing_team.team(services)],
    }
