"""The sign-in page, and the way out."""

from datetime import timedelta

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.workflows import signing_in
from web.access import cookie_name, public, target
from web.sign_in_limit import SignInLimit

LONGEST_FIELD = 254


def create_blueprint(services: Services, limit: SignInLimit) -> Blueprint:
    """Return the pages `/sign-in` and `/sign-out`."""
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    @public
    def form() -> AnyResponse:
        wanted = request.args.get("next")
        return redirect(target(wanted, g.person.role), code=303) if g.person else _form(wanted)

    @pages.post("/sign-in")
    @public
    def check() -> AnyResponse:
        wanted = request.form.get("next")
        email = request.form.get("email", "")[:LONGEST_FIELD]
        password = request.form.get("password", "")[:LONGEST_FIELD]
        address = request.remote_addr or ""
        wait = limit.seconds_to_wait(email, address)
        if wait:
            return _form(wanted, email, wait=-(-wait // 60), status=429)
        secret = signing_in.sign_in(services, email, password)
        if secret is None:
            limit.failed(email, address)
            return _form(wanted, email, wrong=True, status=401)
        limit.succeeded(email, address)
        # A form token from before the sign-in must not be good after it.
        session.clear()
        known = signing_in.who_is(services, secret, services.clock.now())
        answer = redirect(target(wanted, known.role) if known else url_for("sign_in.form"), code=303)
        keep_secret(answer, secret)
        return answer

    @pages.post("/sign-out")
    @public
    def leave() -> AnyResponse:
        secret = request.cookies.get(cookie_name())
        if secret:
            signing_in.sign_out(services, secret)
        session.clear()
        answer = redirect(url_for("sign_in.form"), code=303)
        answer.delete_cookie(cookie_name(), secure=_secure(), httponly=True, samesite="Lax")
        return answer

    return pages


def _form(
    wanted: str | None,
    email: str = "",
    *,
    wrong: bool = False,
    wait: int = 0,
    status: int = 200,
) -> Response:
    page = render_template("sign_in.html", wanted=wanted or "", email=email, wrong=wrong, wait=wait)
    return make_response(page, status)


def keep_secret(answer: AnyResponse, secret: str) -> None:
    """Keep the secret of a sign-in in the browser that gets this answer."""
    age = timedelta(hours=signing_in.SESSION_HOURS)
    answer.set_cookie(cookie_name(), secret, max_age=age, secure=_secure(), httponly=True, samesite="Lax")


def _secure() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])
