"""`ringback numbers`: which numbers are never dialled."""

import argparse

from callbacks.cli.composed import composed
from callbacks.cli.person import signed_in_name
from callbacks.rules.local_times import ends_at
from callbacks.workflows import guarding_numbers


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    numbers = commands.add_parser(
        "numbers",
        help="list the numbers that are never dialled, or change the list",
        description="Asked at every entry, at every claim, and again right before a telephone rings.",
    )
    numbers.set_defaults(run=_numbers)
    deeds = numbers.add_subparsers(title="changes", metavar="block|allow")
    block = deeds.add_parser("block", help="never dial this number, or any that begins so")
    block.add_argument("number", metavar="NUMBER", help="as people write it; +3290* for all that begin so")
    block.add_argument("--why", required=True)
    block.add_argument("--until", metavar="DATE", help="the last day, or the moment it is over (default: for good)")
    block.set_defaults(run=_block)
    allow = deeds.add_parser("allow", help="take a number off the list")
    allow.add_argument("number", metavar="NUMBER", help="the number, or that of its entry, as `ringback numbers` shows")
    allow.set_defaults(run=_allow)


def _numbers(args: argparse.Namespace) -> int:
    del args
    with composed() as services:
        guards, zone = guarding_numbers.guards(services), services.rules.zone
    for guard in guards:
        until = f"until {guard.expires_at.astimezone(zone):%Y-%m-%d %H:%M}" if guard.expires_at else "for good"
        over = "" if guard.counts else " (over)"
        print(f"{guard.id:5}  {guard.number:17} {until}{over}  {guard.why}  [{guard.entered_by}]")
    if not guards:
        print("There are no numbers on the list.")
    return 0


def _block(args: argparse.Namespace) -> int:
    with composed() as services:
        until = ends_at(args.until, services.rules.zone) if args.until else None
        number = guarding_numbers.block(services, args.number, args.why, until, signed_in_name())
    print(f"Entered as number {number}; `ringback numbers allow {number}` takes it away.")
    return 0


def _allow(args: argparse.Namespace) -> int:
    with composed() as services:
        gone = guarding_numbers.allow(services, args.number, signed_in_name())
    print(f"Taken off the list: number {', '.join(map(str, gone))}.")
    return 0
