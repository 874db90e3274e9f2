"""Commands that show the work, and change who is on duty and when the desk is open."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence

from callbacks.cli import tables
from callbacks.cli.composed import composed
from callbacks.cli.deciding import register_below_callbacks
from callbacks.cli.numbers import row_number
from callbacks.cli.person import signed_in_name
from callbacks.cli.pins import register_pin
from callbacks.rules.local_times import ends_at, starts_at
from callbacks.store import board
from callbacks.workflows import changing_hours, duty
from models.vocabulary import OverrideKind

DAYS = 15
"""Today and two weeks."""

Run = Callable[[argparse.Namespace], int]


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    text = "list the open call-backs in the order they are dialled; all of them as JSON"
    register_below_callbacks(_listing(commands, "callbacks", text, _callbacks))
    _listing(commands, "tickets", "list the tickets", _tickets)
    _register_agents(commands)
    _register_hours(commands)


def _listing(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, run: Run
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument("--json", action="store_true", help="as a JSON array; times in ISO 8601 with offset")
    parser.set_defaults(run=run)
    return parser


def _register_agents(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    agents = _listing(commands, "agents", "list the agents, bring one on or off duty, or give him a PIN", _agents)
    wishes = agents.add_subparsers(title="duty", metavar="on|off|break|pin")
    on = wishes.add_parser("on", help="back on duty: from off duty, a break, or a pause after missed calls")
    on.add_argument("name", metavar="NAME")
    on.set_defaults(run=_on)
    off = wishes.add_parser("off", help="off duty: at once, or after the call he is in")
    off.add_argument("name", metavar="NAME")
    off.set_defaults(run=_off)
    pause = wishes.add_parser("break", help="on a break: not rung until he is on duty again")
    pause.add_argument("name", metavar="NAME")
    pause.add_argument("--why", default="", help="what for, as supervisors see it")
    pause.set_defaults(run=_break)
    register_pin(wishes)


def _register_hours(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    text = "show today and the next two weeks, or enter a closure or an extra opening"
    parser = commands.add_parser("hours", help=text, description=text[0].upper() + text[1:] + ".")
    parser.set_defaults(run=_hours)
    changes = parser.add_subparsers(title="exceptions", metavar="close|open|remove")
    for name, kind, help_line in (
        ("close", OverrideKind.CLOSURE, "close the desk from FROM to TO"),
        ("open", OverrideKind.OPENING, "open the desk from FROM to TO, inside the envelope"),
    ):
        change = changes.add_parser(name, help=help_line)
        change.add_argument("start", metavar="FROM", help='local time, "2026-12-24 12:00", or a day')
        change.add_argument("end", metavar="TO", help="likewise; a day alone is meant to its end")
        change.add_argument("--why", default="", help="shown beside the hours")
        change.set_defaults(run=_change, kind=kind)
    remove = changes.add_parser("remove", help="take a closure or an extra opening back")
    remove.add_argument("id", type=row_number, metavar="ID", help="its number, as `ringback hours` shows it")
    remove.set_defaults(run=_remove)


def _callbacks(args: argparse.Namespace) -> int:
    with composed() as services, services.database.read() as session:
        rows = board.callbacks(session, open_only=not args.json)
    if args.json:
        return _print_json([tables.callback_json(row, services.rules.zone) for row in rows])
    return _print(tables.callbacks(rows, services.rules), "There are no open call-backs.")


def _tickets(args: argparse.Namespace) -> int:
    with composed() as services, services.database.read() as session:
        rows = board.tickets(session)
    if args.json:
        return _print_json([tables.ticket_json(row, services.rules.zone) for row in rows])
    return _print(tables.tickets(rows, services.rules.zone), "There are no tickets.")


def _agents(args: argparse.Namespace) -> int:
    with composed() as services, services.database.read() as session:
        rows = board.agents(session)
    if args.json:
        return _print_json([tables.agent_json(row, services.rules.zone) for row in rows])
    return _print(tables.agents(rows, services.rules.zone), "There are no agents; `ringback import agents FILE.csv`.")


def _on(args: argparse.Namespace) -> int:
    with composed() as services:
        print(f"{args.name}: {duty.come_on_duty(services, args.name, signed_in_name())}.")
    return 0


def _off(args: argparse.Namespace) -> int:
    with composed() as services:
        print(f"{args.name}: {duty.go_off_duty(services, args.name, signed_in_name())}.")
    return 0


def _break(args: argparse.Namespace) -> int:
    with composed() as services:
        print(f"{args.name}: {duty.take_a_break(services, args.name, signed_in_name(), args.why)}.")
    return 0


def _hours(args: argparse.Namespace) -> int:
    del args
    with composed() as services:
        return _print(tables.hours(changing_hours.coming_days(services, DAYS), services.rules.zone), "")


def _change(args: argparse.Namespace) -> int:
    with composed() as services:
        start, end = starts_at(args.start, services.rules.zone), ends_at(args.end, services.rules.zone)
        number = changing_hours.change(services, args.kind, start, end, args.why, signed_in_name())
    print(f"Entered as number {number}; `ringback hours remove {number}` takes it back.")
    return 0


def _remove(args: argparse.Namespace) -> int:
    with composed() as services:
        changing_hours.take_back(services, args.id, signed_in_name())
    print(f"Number {args.id} is taken back.")
    return 0


def _print_json(rows: Sequence[dict[str, object]]) -> int:
    json.dump(rows, sys.stdout, indent=1)
    print()
    return 0


def _print(lines: Sequence[str], nothing: str) -> int:
    print("\n".join(lines) if lines else nothing)
    return 0
