"""The pages of each role, in the order in which they stand on top of every page."""

from collections.abc import Mapping, Sequence

from models.vocabulary import Role

PAGES: Mapping[Role, Sequence[tuple[str, str]]] = {
    Role.SUPERVISOR: (
        ("schedule.page", "schedule"),
        ("week.page", "week"),
        ("incidents.page", "incidents"),
        ("switches.page", "switches"),
        ("team.page", "team"),
        ("calendar.page", "calendar"),
        ("figures.page", "figures"),
    ),
    Role.AGENT: (
        ("desk.page", "desk"),
        ("desk_day.page", "own_day"),
        # Supervisors have a button for it beside the queue.
        ("new_ticket.page", "new_ticket"),
    ),
}
"""By role: endpoint, and the key of its name."""


def pages_of(role: Role) -> Sequence[tuple[str, str]]:
    """Return the pages that somebody may open, each with the key of its name."""
    return PAGES[role]
