"""Screens on the wall: a supervisor makes a link, hangs it up, and takes it back."""

import secrets
from dataclasses import dataclass

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import wall_links
from callbacks.store.transitions import Cause
from callbacks.store.wall_links import Link
from callbacks.workflows.signing_in import digest

LONGEST_NAME = 100
SECRET_BYTES = 32
LONGEST_SECRET = 64
"""Characters: what is longer was never ours and is not even reckoned."""


@dataclass(frozen=True)
class Made:
    """A new link; its secret is told this once, and only its digest is kept."""

    id: int
    secret: str


def make(services: Services, name: str, who: str) -> Made:
    """Make a link for the screen of this name. Raises RuleRefused without one, or where it has a link already."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        message = f"give the screen a name of at most {LONGEST_NAME} characters"
        raise RuleRefused(Rule.SCREEN_UNNAMED, message, field="name", most=LONGEST_NAME)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with services.database.write() as session:
        if wall_links.opens(session, name):
            message = f"there is a link for {name!r} already"
            raise RuleRefused(Rule.SAME_SCREEN, message, field="name")
        link_id = wall_links.add(session, digest(secret), name, Cause(services.clock.now(), who, name))
    return Made(link_id, secret)


def revoke(services: Services, link_id: int, who: str) -> None:
    """Shut a link at once. Raises RuleRefused where there is none, or somebody has shut it already."""
    with services.database.write() as session:
        if not wall_links.revoke(session, link_id, Cause(services.clock.now(), who, "revoked")):
            raise RuleRefused(Rule.SCREEN_GONE, "there is no such link any more")


def screen_of(services: Services, secret: str) -> Link | None:
    """Return the link that a screen's secret opens; None for one that is wrong or revoked.

    The secret is looked up by its digest, so that no comparison tells how much of a guess was right.
    """
    if len(secret) > LONGEST_SECRET:
        return None
    with services.database.read() as session:
        return wall_links.opened_by(session, digest(secret))


def every(services: Services) -> list[Link]:
    """Return the links as they stand."""
    with services.database.read() as session:
        return wall_links.every(session)
