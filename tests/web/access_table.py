"""Who may use which route of the whole application, one line a route: without one, test_access_matrix fails."""

from enum import Enum, auto


class Who(Enum):
    """Whom a route is open to."""

    EVERYBODY = auto()
    STAFF = auto()
    AGENTS = auto()
    SUPERVISORS = auto()
    PROVIDER = auto()
    """The telephone provider, by its signature."""
    HOLDER = auto()
    """Whoever holds the secret in the address; to others it does not exist."""


ACCESS: dict[str, Who] = {
    "static": Who.EVERYBODY,
    "health.alive": Who.EVERYBODY,
    "health.ready": Who.EVERYBODY,
    "home.page": Who.EVERYBODY,
    "theme.choose": Who.EVERYBODY,
    "sign_in.form": Who.EVERYBODY,
    "sign_in.check": Who.EVERYBODY,
    "sign_in.leave": Who.EVERYBODY,
    "moment.page": Who.HOLDER,
    "moment.choose": Who.HOLDER,
    "messages.sound": Who.SUPERVISORS,
    "account.page": Who.STAFF,
    "account.password": Who.STAFF,
    "account.language": Who.STAFF,
    "account.leave": Who.STAFF,
    "account.leave_everywhere": Who.STAFF,
    "desk.page": Who.AGENTS,
    "desk.live": Who.AGENTS,
    "desk_ticket.page": Who.AGENTS,
    "schedule.page": Who.SUPERVISORS,
    "schedule.live": Who.SUPERVISORS,
    "ticket.page": Who.SUPERVISORS,
    "calendar.page": Who.SUPERVISORS,
    "calendar.look": Who.SUPERVISORS,
    "calendar.enter": Who.SUPERVISORS,
    "calendar.remove": Who.SUPERVISORS,
    "team.page": Who.SUPERVISORS,
    "team.live": Who.SUPERVISORS,
    "team.wishes": Who.SUPERVISORS,
    "team.sign_out": Who.SUPERVISORS,
    "team.add_shift": Who.SUPERVISORS,
    "team.remove_shift": Who.SUPERVISORS,
    "team.add_absence": Who.SUPERVISORS,
    "team.remove_absence": Who.SUPERVISORS,
}
"""By endpoint. All routes of the telephone (`voice.…`) are the provider's, its sounds (`sounds.…`) their holder's."""
