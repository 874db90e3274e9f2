"""`/account`: one's own password, one's own browsers, and the language of the pages."""

from typing import Any

from flask import Blueprint, abort, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import Rule, RuleRefused
from callbacks.passwords import LONGEST, SHORTEST
from callbacks.ports import Services
from callbacks.workflows import keeping_accounts
from models.vocabulary import Language, Role
from web import live as polled
from web import own_language
from web.access import cookie_name, only_for, person
from web.forms import Form, done, shown_again
from web.sign_in import keep_secret
from web.sign_in_limit import SignInLimit
from web.words import Words

TOO_MANY = 429
SECRETS = ("current", "password", "again")
EVERYBODY = (Role.AGENT, Role.SUPERVISOR)


def create_blueprint(services: Services, limit: SignInLimit) -> Blueprint:
    """Return the page; wrong current passwords count in the same `limit` as failed sign-ins."""
    pages = Blueprint("account", __name__)

    @pages.get("/account")
    @only_for(*EVERYBODY)
    def page() -> str:
        return render_template("account.html", **_content(services, Form()))

    @pages.post("/account/password")
    @only_for(*EVERYBODY)
    def password() -> ResponseReturnValue:
        return _change_password(services, limit)

    @pages.post("/account/language")
    @only_for(*EVERYBODY)
    def language() -> AnyResponse:
        word = request.form.get("language")
        if word not in set(Language):
            abort(400)
        chosen = Language(word)
        answer = done(_in(services, chosen).say("account_language_kept"), url_for("account.page"))
        own_language.keep(answer, chosen)
        return answer

    @pages.post("/account/sign-out")
    @only_for(*EVERYBODY)
    def leave() -> AnyResponse:
        handle = request.form.get("browser", "")
        if handle:
            keeping_accounts.leave(services, person().id, handle)
        return done(polled.of(services).say("account_left"), url_for("account.page"))

    @pages.post("/account/sign-out-everywhere")
    @only_for(*EVERYBODY)
    def leave_everywhere() -> AnyResponse:
        keeping_accounts.leave(services, person().id)
        session.clear()
        return done(polled.of(services).say("account_left_everywhere"), url_for("sign_in.form"))

    return pages


def _change_password(services: Services, limit: SignInLimit) -> ResponseReturnValue:
    words, form, address = polled.of(services), Form(), request.remote_addr or ""
    email, _ = keeping_accounts.own_browsers(services, person().id)
    wait = limit.seconds_to_wait(email, address)
    if wait:
        form.problems["current"] = words.say("sign_in_wait", minutes=-(-wait // 60))
        return render_template(
            "account.html", page_address=url_for("account.page"), **_content(services, form)
        ), TOO_MANY
    current, new, again = (request.form.get(name, "") for name in SECRETS)
    try:
        _check_twice(new, again)
        secret = keeping_accounts.change_own_password(services, person().id, current, new)
    except RuleRefused as refusal:
        if refusal.rule is Rule.NOT_PROVEN:
            limit.failed(email, address)
        form.refuse(refusal, words)
        # Nothing typed into the field of a password is ever sent back.
        return shown_again("account.html", url_for("account.page"), **_content(services, form))
    limit.succeeded(email, address)
    answer = done(words.say("account_password_changed"), url_for("account.page"))
    keep_secret(answer, secret)
    return answer


def _check_twice(new: str, again: str) -> None:
    if new != again:
        message = "that was not the same password twice"
        raise RuleRefused(Rule.NOT_TWICE, message, "again")


def _in(services: Services, language: Language) -> Words:
    return Words(services.texts, language, services.rules.zone)


def _content(services: Services, form: Form) -> dict[str, Any]:
    words, now = polled.of(services), services.clock.now()
    email, browsers = keeping_accounts.own_browsers(services, person().id)
    mine = keeping_accounts.handle_of(request.cookies.get(cookie_name(), ""))
    return {
        "form": form,
        "email": email,
        "browsers": [(each.handle, words.moment(each.since, now), each.handle == mine) for each in browsers],
        "shortest": SHORTEST,
        "longest": LONGEST,
        "languages": [(language, own_language.NAMES[language]) for language in Language],
    }
