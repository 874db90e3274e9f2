"""The pages of each role, in the order in which they stand on top of every page."""

from collections.abc import Sequence

from models.vocabulary import Role

PAGES: Sequence[tuple[str, str, frozenset[Role]]] = (
    ("schedule.page", "schedule", frozenset({Role.SUPERVISOR})),
    ("week.page", "week", frozenset({Role.SUPERVISOR})),
    ("switches.page", "switches", frozenset({Role.SUPERVISOR})),
    ("incidents.page", "incidents", frozenset({Role.SUPERVISOR})),
    ("team.page", "team", frozenset({Role.SUPERVISOR})),
    ("calendar.page", "calendar", frozenset({Role.SUPERVISOR})),
    ("desk.page", "desk", frozenset({Role.AGENT})),
    # Supervisors have a button for it beside the queue.
    ("new_ticket.page", "new_ticket", frozenset({Role.AGENT})),
    ("desk_day.page", "own_day", frozenset({Role.AGENT})),
    ("figures.page", "figures", frozenset({Role.SUPERVISOR})),
    ("walls.page", "walls", frozenset({Role.SUPERVISOR})),
)
"""Endpoint, key of its name, and whose it is."""


def pages_of(role: Role) -> list[tuple[str, str]]:
    """Return the pages that somebody may open, each with the key of its name."""
    return [(endpoint, key) for endpoint, key, roles in PAGES if role in roles]
