"""`/healthz`: this process answers. `/readyz`: everything a call-back needs does, or 503 with the reasons.

Its warnings say why no calls are placed, by a person's hand or by a limit, and whose PIN somebody seems to guess; the
service is ready all the same.
"""

from collections.abc import Callable

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from callbacks.ports import Services
from callbacks.store import health, switches
from callbacks.workflows import proving
from web.access import public


def create_blueprint(services: Services, migrated: Callable[[], bool]) -> Blueprint:
    """Return both pages. `migrated` says whether the database has the newest schema; it is not asked after a yes."""
    pages = Blueprint("health", __name__)
    seen_migrated = False

    @pages.get("/healthz")
    @public
    def alive() -> ResponseReturnValue:
        return "ok", 200, {"Content-Type": "text/plain; charset=utf-8"}

    @pages.get("/readyz")
    @public
    def ready() -> ResponseReturnValue:
        nonlocal seen_migrated
        reasons: list[str] = []
        warnings: list[str] = []
        if not services.bell.ping():
            reasons.append("redis: does not answer")
        try:
            seen_migrated = seen_migrated or migrated()
            if seen_migrated:
                seen, warnings = _look(services)
                reasons += missing_pulses(seen)
            else:
                reasons.append("migrations: not at head; run `ringback migrate`")
        except Exception as error:  # noqa: BLE001 - whatever the driver raises is the answer; its text may name the password
            reasons.append(f"database: does not answer ({type(error).__name__})")
        return jsonify(ready=not reasons, reasons=reasons, warnings=warnings), 503 if reasons else 200

    return pages


def missing_pulses(pulses: list[health.Pulse]) -> list[str]:
    """Return one reason for each kind of process that no fresh sign of life was seen of."""
    seen = {kind: [pulse for pulse in pulses if pulse.kind == kind] for kind in health.KINDS}
    return [_reason(kind, found) for kind, found in seen.items() if not any(pulse.fresh for pulse in found)]


def _reason(kind: str, seen: list[health.Pulse]) -> str:
    if not seen:
        return f"{kind}: never seen"
    age = min((pulse.age for pulse in seen), key=abs)
    when = f"{-age:.0f} s in the future (was the wall clock set?)" if age < 0 else f"{age:.0f} s ago"
    return f"{kind}: last seen {when}"


def _look(services: Services) -> tuple[list[health.Pulse], list[str]]:
    """Return the signs of life, and what a person should look at: the service is ready all the same."""
    now = services.clock.now()
    with services.database.read() as session:
        health.answers(session)
        return health.pulses(session, now), [*switches.reasons_off(session), *proving.locked(session, now)]
