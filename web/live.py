"""Pages that are fetched again every two seconds: nothing is drawn where nothing has changed."""

import hashlib
from collections.abc import Callable

from flask import Response, g, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.store.revision import revision
from web.access import reader
from web.words import Words

TIME_HEADER = "Ringback-Time"
"""Our clock with every answer: the page shows when it was last up to date by the clock the schedule is kept in."""


def answer(services: Services, template: str, content: Callable[[], dict[str, object]], also: str = "") -> AnyResponse:
    """Return the fragment, or 304 where the reader has it already; `content` is asked for only where it is drawn.

    What it shows may depend on the state of the desk, the minute, the reader and the address; on anything else only
    where `also` says it.
    """
    words, now = of(services), services.clock.now()
    with services.database.read() as session:
        state = revision(session)
    minute = int(now.timestamp()) // 60
    told = f"{state}|{minute}|{reader()}|{words.language}|{request.full_path}|{also}"
    tag = hashlib.sha256(told.encode()).hexdigest()[:24]
    # Drawn after the tag was read, the page may be newer than its tag, never older: then the next poll draws again.
    unchanged = request.if_none_match.contains(tag)
    body = "" if unchanged else render_template(template, **content())
    response = Response(body, status=304 if unchanged else 200)
    response.set_etag(tag)
    # no-store would make the browser forget the tag with the page.
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Vary"] = "Cookie"
    response.headers[TIME_HEADER] = words.clock_seconds(now)
    return response


def of(services: Services) -> Words:
    """Return the words of whoever reads this page."""
    return Words(services.texts, g.language, services.rules.zone)
