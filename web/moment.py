"""`/moment/<link>`: the promise of one call-back, and other moments to choose from. For whoever holds its link.

Nothing of the dossier stands here: a link ends up in mails that are passed on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.rules.phone_numbers import grouped
from callbacks.workflows import booking, linking
from callbacks.workflows.booking import Slot
from callbacks.workflows.linking import Page
from callbacks.workflows.written_times import written_day, written_range
from models.vocabulary import Language
from web.access import public
from web.spans import typed_minute
from web.words import Words

SHOWN_DAYS = 5
MOST_SLOTS = 400
"""More than five days can hold: windows lie inside a day, and a slot is a quarter of an hour at the least."""


@dataclass(frozen=True)
class Day:
    """The free moments of one day; each is the minute since 1970 at which it begins, and its two times of day."""

    name: str
    moments: Sequence[tuple[int, str]]


def create_blueprint(services: Services) -> Blueprint:
    """Return the page and its form."""
    pages = Blueprint("moment", __name__)

    @pages.get("/moment/<link>")
    @public
    def page(link: str) -> AnyResponse:
        return _page(services, link)

    @pages.post("/moment/<link>")
    @public
    def choose(link: str) -> AnyResponse:
        known, slot = linking.opens(services, link), _slot(services, request.form.get("moment", ""))
        if known is None or not known.is_open:
            return _page(services, link)
        if slot is None:
            return _page(services, link, "moment_choose_one", 400)
        if booking.book(services, known.callback_id, slot, "customer, by link") is None:
            return _page(services, link, "moment_gone", 409)
        return redirect(url_for("moment.page", link=link, kept=1), code=303)

    @pages.errorhandler(CSRFError)
    def expired(_error: CSRFError) -> AnyResponse:
        answer = _page(services, str((request.view_args or {}).get("link", "")), "moment_expired")
        answer.status_code = 400
        return answer

    @pages.after_request
    def keep_out(answer: Response) -> Response:
        answer.headers["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return pages


def _page(services: Services, link: str, trouble: str = "", status: int = 200) -> AnyResponse:
    known = linking.opens(services, link)
    g.language = known.language if known else _wanted_language()
    hotline = " ".join(grouped(services.rules.hotline))
    if known is None or not known.is_open:
        lead = "moment_over" if known else "moment_unknown"
        values: dict[str, object] = {"known": known, "lead": lead, "hotline": hotline, "phone": services.rules.hotline}
        return make_response(render_template("moment_over.html", **values), 410 if known else 404)
    days, later = _days(services, known)
    values = {
        "known": known,
        "link": link,
        "trouble": trouble,
        "kept": known.booked and "kept" in request.args,
        "promised": _promised(services, known),
        "chosen": _minutes(known.promise.starts) if known.booked and known.promise else None,
        "days": days,
        "later": later,
        "is_first": "after" not in request.args,
        "hotline": hotline,
        "phone": services.rules.hotline,
    }
    return make_response(render_template("moment.html", **values), status)


def _days(services: Services, known: Page) -> tuple[list[Day], int | None]:
    """Return the free moments of the next few days, and the minute after which there are more; None: no more."""
    if not known.may_choose:
        return [], None
    after = typed_minute(request.args.get("after", ""))
    zone, language = services.rules.zone, known.language
    words = Words(services.texts, language, zone)
    slots = booking.offers(services, known.callback_id, after, MOST_SLOTS)
    every = [list(day) for _, day in groupby(slots, key=lambda slot: slot.starts.astimezone(zone).date())]
    shown = every[:SHOWN_DAYS]
    days = [
        Day(
            _capital(written_day(language, day[0].starts, zone)),
            [(_minutes(slot.starts), f"{words.clock(slot.starts)}–{words.clock(slot.ends)}") for slot in day],
        )
        for day in shown
    ]
    return days, _minutes(shown[-1][-1].starts) if len(every) > SHOWN_DAYS else None


def _promised(services: Services, known: Page) -> str:
    """Return the promise in the words of our mails; "" where nobody can foresee it."""
    if known.promise is None:
        return ""
    starts, ends = known.promise.starts, known.promise.ends
    return _capital(written_range(services.texts, known.language, starts, ends, services.rules.zone))


def _slot(services: Services, text: str) -> Slot | None:
    starts = typed_minute(text)
    return Slot(starts, starts + timedelta(minutes=services.rules.slot_minutes)) if starts else None


def _minutes(at: datetime) -> int:
    return int(at.timestamp()) // 60


def _wanted_language() -> Language:
    return Language(request.accept_languages.best_match([str(each) for each in Language]) or Language.NL)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
