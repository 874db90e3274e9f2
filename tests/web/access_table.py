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
    WALL = auto()
    """Staff, and a screen on the wall that holds the secret of its link."""
    THIS_MACHINE = auto()
    """Everybody who sits at the machine of a demo."""


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
    "messages.sound": Who.STAFF,
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
    "alarms.seen": Who.SUPERVISORS,
    "desk_day.page": Who.AGENTS,
    "desk_follow_ups.add": Who.AGENTS,
    "desk_follow_ups.tick_off": Who.AGENTS,
    "desk_notes.write": Who.AGENTS,
    "desk_outcome.state": Who.AGENTS,
    "desk_ticket.close": Who.AGENTS,
    "desk_ticket.option": Who.AGENTS,
    "desk_ticket.reopen": Who.AGENTS,
    "desk_times.add": Who.AGENTS,
    "desk_times.correct": Who.AGENTS,
    "offers.call_now": Who.AGENTS,
    "offers.decline": Who.AGENTS,
    "presence.here": Who.AGENTS,
    "presence.ready": Who.AGENTS,
    "presence.rest": Who.AGENTS,
    "presence.say": Who.AGENTS,
    "new_ticket.page": Who.STAFF,
    "new_ticket.take_down": Who.STAFF,
    "new_ticket.look": Who.STAFF,
    "ticket.live": Who.SUPERVISORS,
    "hands.lay": Who.SUPERVISORS,
    "hands.resolve_from_list": Who.SUPERVISORS,
    "leftovers.ask": Who.SUPERVISORS,
    "leftovers.call_again": Who.SUPERVISORS,
    "leftovers.close": Who.SUPERVISORS,
    "leftovers.send_again": Who.SUPERVISORS,
    "leftovers.send_elsewhere": Who.SUPERVISORS,
    "leftovers.settle_mail": Who.SUPERVISORS,
    "missed.deal_with": Who.SUPERVISORS,
    "whose_number.page": Who.SUPERVISORS,
    "whose_number.link": Who.SUPERVISORS,
    "week.page": Who.SUPERVISORS,
    "switches.page": Who.SUPERVISORS,
    "switches.turn": Who.SUPERVISORS,
    "switches.announce": Who.SUPERVISORS,
    "switches.fall_silent": Who.SUPERVISORS,
    "incidents.page": Who.SUPERVISORS,
    "incidents.begin": Who.SUPERVISORS,
    "incident.page": Who.SUPERVISORS,
    "incident.mark": Who.SUPERVISORS,
    "incident.leave": Who.SUPERVISORS,
    "incident.answer": Who.SUPERVISORS,
    "incident.close": Who.SUPERVISORS,
    "figures.page": Who.SUPERVISORS,
    "figures.file": Who.SUPERVISORS,
    "walls.page": Who.SUPERVISORS,
    "walls.make": Who.SUPERVISORS,
    "walls.revoke": Who.SUPERVISORS,
    "wall.page": Who.WALL,
    "wall.live": Who.WALL,
    "wall.enter": Who.HOLDER,
}
"""By endpoint. All routes of the telephone (`voice.…`) are the provider's, its sounds (`sounds.…`) their holder's."""

IN_A_DEMO: dict[str, Who] = {
    "demo.clock": Who.THIS_MACHINE,
    "demo.move": Who.THIS_MACHINE,
    "demo.enter": Who.THIS_MACHINE,
}
"""What a demo has besides; a real service has none of it. tests/web/test_demo.py opens and shuts these doors."""
