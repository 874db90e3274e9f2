"""Sign a person in and out. The browser keeps a secret, we only its SHA-256 digest: a stolen table signs in nobody."""

import hashlib
import secrets
from datetime import datetime, timedelta

from callbacks.errors import RefusedInput
from callbacks.passwords import verified
from callbacks.ports import Movable, Services
from callbacks.store import signin
from callbacks.store.signin import Person

SESSION_HOURS = 12
MOVED_AT_MOST = timedelta(days=366)
"""How far a demo's clock may be moved, either way, before somebody let in without a password is signed out."""


def sign_in(services: Services, email: str, password: str) -> str | None:
    """Return a new secret for the browser, or None where e-mail and password do not go together.

    An unknown address costs the same argon2 verification as a wrong password, so that time does not tell which
    addresses exist. No transaction is open meanwhile: the hash takes tens of milliseconds.
    """
    now = services.clock.now()
    with services.database.read() as session:
        found = signin.credentials(session, email)
    if not verified(found.password_hash if found else None, password) or found is None:
        return None
    secret = new_secret()
    with services.database.write() as session:
        if signin.credentials(session, email, locked=True) != found:
            # Changed while the hash was reckoned: whoever changed it has signed everybody else out.
            return None
        signin.forget_sessions_over(session, now)
        signin.open_session(session, digest(secret), found.agent_id, now, now + timedelta(hours=SESSION_HOURS))
    return secret


def sign_in_as(services: Services, email: str) -> str | None:
    """Return a new secret for the browser of whoever has this address, password or not; None where nobody has it.

    Raises RefusedInput outside a demo.
    """
    if not isinstance(services.clock, Movable):
        message = "nobody is let in without a password but in a demo"
        raise RefusedInput(message)
    now = services.clock.now()
    secret = new_secret()
    with services.database.write() as session:
        found = signin.credentials(session, email)
        if found is None:
            return None
        # A sign-in counts from here to there by the demo's clock, which is put back as often as forward.
        began, ends = now - MOVED_AT_MOST, now + MOVED_AT_MOST
        signin.open_session(session, digest(secret), found.agent_id, began, ends)
    return secret


def sign_out(services: Services, secret: str) -> None:
    """Make a browser's secret worthless."""
    with services.database.write() as session:
        signin.close_session(session, digest(secret))


def who_is(services: Services, secret: str, now: datetime) -> Person | None:
    """Return the person behind a browser's secret, or None."""
    with services.database.read() as session:
        return signin.signed_in(session, digest(secret), now)


def new_secret() -> str:
    """Return a secret for a browser to keep."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what is stored of a secret; it has 256 random bits, so a fast hash without salt is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()
