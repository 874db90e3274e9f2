"""`ringback agents pin`: what an agent keys to be known on the telephone."""

import argparse
import getpass
import sys

from callbacks.cli.composed import composed
from callbacks.cli.person import signed_in_name
from callbacks.errors import RefusedInput
from callbacks.workflows import keeping_pins


def register_pin(wishes: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command below `ringback agents`."""
    parser = wishes.add_parser(
        "pin",
        help="give an agent a PIN for the telephone, or take it away",
        description="With it he dials the hotline from his own telephone. Asked for twice; a new one ends a lock.",
    )
    parser.add_argument("name", metavar="NAME")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--pin", metavar="DIGITS", help="for scripts: 4 to 8 digits, seen by whoever lists processes")
    ways.add_argument("--remove", action="store_true", help="the hotline knows him no more")
    parser.set_defaults(run=_pin)


def _pin(args: argparse.Namespace) -> int:
    with composed() as services:
        if args.remove:
            print(f"{keeping_pins.remove_pin(services, args.name, signed_in_name())} has no PIN any more.")
            return 0
        pin = _asked_twice() if args.pin is None else args.pin
        print(f"{keeping_pins.set_pin(services, args.name, pin, signed_in_name())} has a new PIN.")
    return 0


def _asked_twice() -> str:
    if not sys.stdin.isatty():
        message = "there is no terminal to ask for the PIN on; give it with --pin"
        raise RefusedInput(message)
    pin = getpass.getpass("PIN: ")
    if getpass.getpass("Once more: ") != pin:
        message = "that was not the same PIN twice; nothing is changed"
        raise RefusedInput(message)
    return pin
