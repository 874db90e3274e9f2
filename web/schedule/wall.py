"""`/schedule/wall`: the desk for a screen on the wall, read from five metres; it shows and does nothing else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.store import wall as stored
from callbacks.workflows import wall_screens
from models.vocabulary import Option, Role
from web import live as polled
from web import theme, wall_door
from web.access import only_for, open_to_wall, public
from web.schedule import day_view
from web.words import Words

SHOWN_CALLS = 5


@dataclass(frozen=True)
class Line:
    """One row on the wall: who or what, the ticket, and what is said of it."""

    name: str
    company: str
    ticket: int
    word: str
    tone: str
    since: str


def create_blueprint(services: Services) -> Blueprint:
    """Return the wall, its live middle, and the way in for a screen."""
    pages = Blueprint("wall", __name__)

    @pages.get("/schedule/wall")
    @open_to_wall
    @only_for(Role.AGENT, Role.SUPERVISOR)
    def page() -> str:
        # A screen whose machine has no wish of its own is dark: it hangs there all day.
        chosen = theme.chosen()
        return render_template(
            "wall/page.html",
            **_content(services),
            theme="dark" if chosen == theme.THEMES[0] else chosen,
        )

    @pages.get("/schedule/wall/live")
    @open_to_wall
    @only_for(Role.AGENT, Role.SUPERVISOR)
    def live() -> AnyResponse:
        return polled.answer(services, "wall/live.html", lambda: _content(services))

    @pages.get("/wall/<secret>")
    @public
    def enter(secret: str) -> AnyResponse:
        if wall_screens.screen_of(services, secret) is None:
            abort(404)
        # Led on at once, so that the secret does not stay in the address of a screen that everybody sees.
        answer = redirect(url_for("wall.page"), code=303)
        wall_door.keep(answer, secret, wall_door.language(request.args.get("language", "")))
        return answer

    return pages


def _content(services: Services) -> dict[str, Any]:
    words, now = polled.of(services), services.clock.now()
    with services.database.read() as session:
        board = stored.read(session, services.rules, now)
    return {
        "board": board,
        "words": words,
        "updated": words.clock_seconds(now),
        "screen": g.screen,
        "date": words.date(now),
        "hours": _hours(board, words),
        "longest": "–" if board.longest is None else words.span(board.longest),
        "alarms": [_alarm(each, words) for each in board.alarms],
        "coming": [_turn(each, words, now) for each in board.coming],
        "calls": [_call(each, words, now) for each in board.calls[:SHOWN_CALLS]],
        "more": max(0, len(board.calls) - SHOWN_CALLS),
    }


def _hours(board: stored.Board, words: Words) -> str:
    if board.open_until:
        return words.say("open_until", time=words.clock(board.open_until))
    if board.opens:
        return words.say("wall_opens", time=words.moment(board.opens, board.now))
    return words.say("never_open")


def _alarm(alarm: stored.Rung, words: Words) -> str:
    sentence = words.say(f"wall_alarm_{alarm.kind}")
    return sentence if alarm.ticket is None else words.say("wall_alarm_about", alarm=sentence, ticket=alarm.ticket)


def _turn(turn: stored.Turn, words: Words, now: datetime) -> Line:
    word = words.say("option_1" if turn.option is Option.OUTAGE else "option_2")
    return Line(
        name="",
        company=turn.company or words.say("wall_unknown"),
        ticket=turn.ticket,
        word=words.say("wall_late") if turn.late else word,
        tone="bad" if turn.late else "outage" if turn.option is Option.OUTAGE else "quiet",
        since=words.moment(turn.arrived_at, now),
    )


def _call(call: stored.Call, words: Words, now: datetime) -> Line:
    return Line(
        name=call.agent,
        company=call.company or words.say("wall_unknown"),
        ticket=call.ticket,
        word=words.say(f"attempt_{call.state}"),
        tone=day_view.TONES.get(call.state, day_view.BUSY),
        since=words.moment(call.since, now),
    )
