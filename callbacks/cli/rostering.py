"""`ringback shifts` and `ringback absences`: who works when."""

import argparse
from datetime import date

from callbacks.cli import tables
from callbacks.cli.composed import composed
from callbacks.cli.numbers import row_number
from callbacks.cli.person import signed_in_name
from callbacks.errors import RefusedInput
from callbacks.rules.local_times import ends_at, starts_at
from callbacks.rules.shifts import Shift, weekly
from callbacks.workflows import rostering


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    shifts = commands.add_parser(
        "shifts",
        help="list, add or remove agents' shifts",
        description="An agent with shifts comes on and goes off duty by them; his own word holds until the next edge.",
    )
    shifts.set_defaults(run=_shifts)
    deeds = shifts.add_subparsers(title="changes", metavar="add|remove")
    add = deeds.add_parser("add", help="let an agent work on these days, again and again")
    add.add_argument("name", metavar="NAME")
    add.add_argument("hours", metavar="HOURS", help="09:00-17:00; several with commas: 09:00-12:00,13:00-17:00")
    days = add.add_mutually_exclusive_group()
    days.add_argument("--days", default="Mo-Fr", help="Mo-Fr, or Mo,We,Fr (default: Mo-Fr)")
    days.add_argument("--rule", help="days by a recurrence rule of RFC 5545, such as FREQ=MONTHLY;BYDAY=1MO")
    add.add_argument("--every", type=int, default=1, metavar="WEEKS", help="every so many weeks, counted from --from")
    add.add_argument("--from", dest="first_day", metavar="DAY", help="2026-12-01 (default: today)")
    add.set_defaults(run=_add)
    remove = deeds.add_parser("remove", help="take a shift away")
    remove.add_argument("number", type=row_number, metavar="ID", help="its number, as `ringback shifts` shows it")
    remove.set_defaults(run=_remove)
    _register_absences(commands)


def _register_absences(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    absences = commands.add_parser("absences", help="list, add or remove agents' absences from their shifts")
    absences.set_defaults(run=_absences)
    deeds = absences.add_subparsers(title="changes", metavar="add|remove")
    add = deeds.add_parser("add", help="let an agent be away, whatever his shifts say")
    add.add_argument("name", metavar="NAME")
    add.add_argument("start", metavar="START", help='a day as 2026-12-24, or "2026-12-24 12:00"')
    add.add_argument("end", metavar="END", help="the last day, or the moment he is back")
    add.add_argument("--why", required=True)
    add.set_defaults(run=_add_absence)
    remove = deeds.add_parser("remove", help="take an absence away")
    remove.add_argument("number", type=row_number, metavar="ID", help="its number, as `ringback absences` shows it")
    remove.set_defaults(run=_remove_absence)


def _shifts(args: argparse.Namespace) -> int:
    del args
    with composed() as services:
        lines = tables.shifts(rostering.shifts(services))
    print("\n".join(lines) if lines else "There are no shifts: agents are on duty until they say otherwise.")
    return 0


def _add(args: argparse.Namespace) -> int:
    if args.every < 1:
        message = "--every counts weeks, from 1"
        raise RefusedInput(message)
    if args.rule is not None and args.every > 1:
        message = "--every goes with --days; write INTERVAL=2 into the rule"
        raise RefusedInput(message)
    rule = weekly(args.days, args.every) if args.rule is None else args.rule
    spans = [rostering.hours(part) for part in args.hours.split(",")]
    with composed() as services:
        first = _day(args.first_day) if args.first_day else services.clock.now().astimezone(services.rules.zone).date()
        shifts = [Shift(rule, first, start, end) for start, end in spans]
        numbers = rostering.add_shifts(services, args.name, shifts, signed_in_name())
    for number in numbers:
        print(f"Entered as number {number}; `ringback shifts remove {number}` takes it away.")
    return 0


def _remove(args: argparse.Namespace) -> int:
    with composed() as services:
        rostering.remove_shift(services, args.number, signed_in_name())
    print(f"Shift number {args.number} is taken away.")
    return 0


def _absences(args: argparse.Namespace) -> int:
    del args
    with composed() as services:
        lines = tables.absences(rostering.absences(services), services.rules.zone)
    print("\n".join(lines) if lines else "Nobody is away.")
    return 0


def _add_absence(args: argparse.Namespace) -> int:
    with composed() as services:
        zone = services.rules.zone
        start, end = starts_at(args.start, zone), ends_at(args.end, zone)
        number = rostering.add_absence(services, args.name, start, end, args.why, signed_in_name())
    print(f"Entered as number {number}; `ringback absences remove {number}` takes it away.")
    return 0


def _remove_absence(args: argparse.Namespace) -> int:
    with composed() as services:
        rostering.remove_absence(services, args.number, signed_in_name())
    print(f"Absence number {args.number} is taken away.")
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day; write it as 2026-12-01"
        raise RefusedInput(message) from None
