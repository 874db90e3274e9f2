"""Who may see which page. Checked before every view; a view that names nobody is closed to everybody."""

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from callbacks.ports import Services
from callbacks.store.signin import Person
from callbacks.workflows import signing_in
from models.vocabulary import Language, Role
from web import own_language, wall_door

View = TypeVar("View", bound=Callable[..., object])

COOKIE = "ringback_signed_in"
HOMES = {Role.SUPERVISOR: "schedule.page", Role.AGENT: "desk.page"}
PAGES_TO_RETURN_TO = frozenset(HOMES.values())
"""Endpoints a sign-in may lead back to. They are named, not addressed, so that no link can lead to another site."""


def public(view: View) -> View:
    """Open a view to everybody, signed in or not."""
    view.roles = None  # type: ignore[attr-defined]  # a mark on the function, read by check()
    return view


def only_for(*roles: Role) -> Callable[[View], View]:
    """Open a view to signed-in people of these roles."""

    def mark(view: View) -> View:
        view.roles = frozenset(roles)  # type: ignore[attr-defined]  # as above
        return view

    return mark


def open_to_wall(view: View) -> View:
    """Open a view to screens on the wall as well, each by the link that a supervisor made for it."""
    view.open_to_wall = True  # type: ignore[attr-defined]  # as above
    return view


def install(app: Flask, services: Services, own_doors: Collection[str]) -> None:
    """Check every request but those of the blueprints `own_doors`, which want a signature or a secret instead."""

    @app.before_request
    def check() -> AnyResponse | None:
        if request.blueprint in own_doors:
            return None
        g.person, g.screen, g.language = None, None, own_language.chosen() or Language.NL
        if _holds_nul():
            abort(400)
        if request.endpoint is None or request.endpoint == "static":
            return None
        view = app.view_functions[request.endpoint]
        roles: Collection[Role] | None = getattr(view, "roles", frozenset())
        if roles is None and request.endpoint.startswith("health."):
            # These must answer when the database does not.
            return None
        _recognise(services)
        if roles is None:
            return None
        if g.person is None and getattr(view, "open_to_wall", False) and wall_door.shown_key():
            return wall_door.open_or_shut(services)
        return _refuse_others(roles)


def person() -> Person:
    """Return who is signed in; only for views behind `only_for`."""
    found: Person = g.person
    return found


def reader() -> str:
    """Return a word for whoever reads, a person or a screen on the wall; another one for another reader."""
    return f"screen {g.screen.id}" if g.screen else f"{g.person.id}|{g.person.role}"


def cookie_name() -> str:
    """Return the cookie's name; the prefix makes browsers refuse one set by a neighbouring host or over http."""
    return f"__Host-{COOKIE}" if current_app.config["SESSION_COOKIE_SECURE"] else COOKIE


def home_of(role: Role) -> str:
    """Return the endpoint of the page where somebody of this role works."""
    return HOMES[role]


def target(wanted: str | None, role: Role) -> str:
    """Return the path of the page wanted, where it may be returned to and he may see it; else of his home."""
    view = current_app.view_functions[wanted] if wanted in PAGES_TO_RETURN_TO and wanted else None
    may = role in getattr(view, "roles", ())
    return url_for(wanted if may and wanted else home_of(role))


def _holds_nul() -> bool:
    """Say whether anything sent holds a NUL character: nobody types one, and PostgreSQL keeps no text with it."""
    return "\x00" in request.path or any("\x00" in text for _, text in _sent())


def _sent() -> Iterator[tuple[str, str]]:
    yield from request.args.items(multi=True)
    yield from request.form.items(multi=True)


def _recognise(services: Services) -> None:
    secret = request.cookies.get(cookie_name())
    if secret:
        g.person = signing_in.who_is(services, secret, services.clock.now())
        if g.person is not None:
            g.language = own_language.chosen() or g.person.language


def _refuse_others(roles: Collection[Role]) -> AnyResponse | None:
    if g.person is None:
        page = f"{request.blueprint}.page"
        place = url_for("sign_in.form", next=page if page in PAGES_TO_RETURN_TO else None)
        if "HX-Request" in request.headers:
            # A redirect would be followed and the sign-in form swapped into the middle of the page.
            return Response(status=401, headers={"HX-Redirect": place})
        return redirect(place, code=303)
    if g.person.role not in roles:
        abort(403)
    return None
