"""Two doors of a demo, for the telephones' page beside it: its clock, and a way in as one of the sample people.

Neither exists outside a demo, and in one they open to this very machine alone.
"""

from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, make_response, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput
from callbacks.ports import Services
from callbacks.workflows import moving_time, signing_in
from web.access import home_of, public
from web.sign_in import keep_secret

JSON = "application/json"


def create_blueprint(services: Services) -> Blueprint:
    """Return `/demo/clock` and `/demo/enter/<person>`. To be registered in a demo only."""
    pages = Blueprint("demo", __name__, url_prefix="/demo")

    @pages.before_request
    def this_machine_alone() -> Response | None:
        # By its host's name too: a page from elsewhere may have pointed its own name at this machine.
        here = _is_loopback(request.remote_addr) and _is_loopback(_host())
        if here and _is_own(request.origin) and _is_followed_or_own():
            return None
        return _refused(403, "the demo's doors open on this machine alone: use http://127.0.0.1 or http://localhost")

    @pages.get("/clock")
    @public
    def clock() -> Response:
        return _told(services)

    @pages.post("/clock")
    @public
    def move() -> Response:
        if request.mimetype != JSON:
            return _refused(415, f'send {JSON}, such as {{"now": "2026-11-30T08:50:00+01:00"}}')
        instant = _instant(request.get_json(silent=True))
        if instant is None:
            return _refused(400, 'send {"now": "2026-11-30T08:50:00+01:00"}: a time with its offset')
        try:
            moving_time.move_to(services, instant)
        except RefusedInput as refused:
            return _refused(400, str(refused))
        return _told(services)

    @pages.get("/enter/<person>")
    @public
    def enter(person: str) -> AnyResponse:
        secret = signing_in.sign_in_as(services, person)
        if secret is None:
            text = f"Nobody here has the address {person}. The demo's people stand in its agents.csv.\n"
            return make_response(text, 404, {"Content-Type": "text/plain; charset=utf-8"})
        known = signing_in.who_is(services, secret, services.clock.now()) or abort(404)
        # A form token of whoever was signed in before must not be good any more.
        session.clear()
        answer = redirect(url_for(home_of(known.role)), code=303)
        keep_secret(answer, secret)
        return answer

    return pages


def _told(services: Services) -> Response:
    now = services.clock.now()
    moments = moving_time.moments(services, now)
    told = {moment.name: {"text": moment.text, "at": moment.at.isoformat()} for moment in moments}
    return jsonify({"now": now.isoformat(), "moments": told})


def _refused(status: int, why: str) -> Response:
    answer = jsonify({"error": why})
    answer.status_code = status
    return answer


def _instant(sent: object) -> datetime | None:
    written = sent.get("now") if isinstance(sent, dict) else None
    try:
        instant = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None
    return None if instant is None or instant.utcoffset() is None else instant


def _host() -> str | None:
    try:
        return urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None


def _is_own(origin: str | None) -> bool:
    return origin is None or origin == request.host_url.rstrip("/")


def _is_followed_or_own() -> bool:
    """Say whether no part of another page asks, such as an image that signs somebody in: browsers tell whose it is."""
    if request.headers.get("Sec-Fetch-Site", "none") in {"none", "same-origin"}:
        return True
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and request.headers.get("Sec-Fetch-Dest") == "document"


def _is_loopback(host: str | None) -> bool:
    if not host:
        return False
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
