"""The web process, put together: the telephone's door, the pages, health, and what goes around all of them."""

from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from callbacks import wiring
from callbacks.ports import Movable, Services
from callbacks.settings import Settings
from ivr import blueprint as ivr
from ivr import sounds as played
from models.migrate import is_current
from models.vocabulary import Language
from web import (
    access,
    account,
    alarms,
    demo,
    error_pages,
    headers,
    health,
    home,
    messages,
    moment,
    navigation,
    sign_in,
    theme,
)
from web.desk import day as desk_day
from web.desk import follow_ups as desk_follow_ups
from web.desk import notes as desk_notes
from web.desk import offers, presence
from web.desk import outcome as desk_outcome
from web.desk import page as desk
from web.desk import ticket as desk_ticket
from web.desk import times as desk_times
from web.row_numbers import RowNumber
from web.schedule import (
    calendar,
    figures,
    hands,
    incident,
    incidents,
    leftovers,
    missed,
    new_ticket,
    overview,
    switches,
    team,
    ticket,
    wall,
    walls,
    week,
    whose_number,
)
from web.sign_in_limit import SignInLimit

LARGEST_BODY = 64 * 1024


def create_app(services: Services, settings: Settings) -> Flask:
    """Return the application, with everything it works with handed in."""
    app = Flask(__name__)
    https = not _is_local_http(settings.public_base_url)
    prefix = "__Host-" if https else ""
    app.config.update(
        SECRET_KEY=wiring.secret_key(settings),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        SESSION_COOKIE_NAME=f"{prefix}ringback_form",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # A schedule that stayed open all day must still be able to sign out.
        WTF_CSRF_TIME_LIMIT=None,
    )
    # A redirect would turn the telephone provider's POST into a GET without its parameters.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.url_map.converters["int"] = RowNumber
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True

    headers.install(app, https=https)
    voice = ivr.voice(services)
    sounds = played.sounds(services)
    access.install(app, services, own_doors=(voice.name, sounds.name))
    forms = CSRFProtect(app)
    # Its requests carry the provider's signature instead of a token.
    forms.exempt(voice)
    app.register_blueprint(voice)
    app.register_blueprint(sounds)
    app.register_blueprint(health.create_blueprint(services, partial(is_current, settings.database_url)))
    limit = SignInLimit()
    app.register_blueprint(sign_in.create_blueprint(services, limit))
    app.register_blueprint(account.create_blueprint(services, limit))
    app.register_blueprint(theme.create_blueprint())
    app.register_blueprint(home.create_blueprint())
    app.register_blueprint(moment.create_blueprint(services))
    app.register_blueprint(messages.create_blueprint(services))
    for pages in (
        overview,
        desk,
        desk_ticket,
        desk_notes,
        desk_outcome,
        desk_times,
        desk_follow_ups,
        desk_day,
        offers,
        presence,
        ticket,
        week,
        new_ticket,
        missed,
        whose_number,
        hands,
        leftovers,
        alarms,
        switches,
        incidents,
        incident,
        calendar,
        team,
        figures,
        wall,
        walls,
    ):
        app.register_blueprint(pages.create_blueprint(services))
    if settings.demo and isinstance(services.clock, Movable):
        pages_of_demo = demo.create_blueprint(services)
        # It takes JSON alone, which no page from elsewhere can send.
        forms.exempt(pages_of_demo)
        app.register_blueprint(pages_of_demo)
    error_pages.install(app)
    _give_templates(app, services)
    return app


def _give_templates(app: Flask, services: Services) -> None:
    @app.context_processor
    def common() -> dict[str, object]:
        language: Language = g.language

        def say(key: str, **values: object) -> str:
            return services.texts.text(language, f"web_{key}", **values)

        return {
            "say": say,
            "language": language,
            "person": g.person,
            "theme": theme.chosen(),
            "themes": theme.THEMES,
            "ways": navigation.pages_of(g.person.role) if g.person else [],
            "service_name": services.rules.service_name,
            # Asked for by pages alone, not by the fragments that are fetched again.
            "on_top": partial(alarms.on_top, services),
        }


def _is_local_http(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme != "http" or parts.hostname is None:
        return False
    try:
        return ip_address(parts.hostname).is_loopback
    except ValueError:
        return parts.hostname == "localhost"
