"""Commands by which a person decides: about one call-back, about all dialling, about what is in doubt."""

import argparse

from callbacks import wiring
from callbacks.cli.composed import composed
from callbacks.cli.numbers import row_number
from callbacks.cli.person import signed_in_name
from callbacks.cli.running import require_service
from callbacks.store.switches import Hand
from callbacks.workflows import deciding, doubting, reconciling
from models.vocabulary import CallbackState

ENDINGS = {
    "waiting": CallbackState.WAITING,
    "done": CallbackState.DONE,
    "cancelled": CallbackState.CANCELLED,
}

SWITCHES = {
    Hand.DIALLING: "stop or resume all dialling; talks that go on are not touched",
    Hand.INTAKE: "let the hotline take outages alone, or every question again",
}


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    for hand, meaning in SWITCHES.items():
        switch = commands.add_parser(hand, help=meaning)
        switch.add_argument("state", choices=("on", "off"))
        switch.add_argument("--why", required=True)
        switch.set_defaults(run=_switch, hand=hand)
    reconcile = commands.add_parser("reconcile", help="ask the telephone provider about everything in doubt, now")
    reconcile.set_defaults(run=_reconcile)


def register_below_callbacks(callbacks: argparse.ArgumentParser) -> None:
    """Add what can be done to one call-back."""
    deeds = callbacks.add_subparsers(title="decisions", metavar="cancel|resolve")
    cancel = deeds.add_parser("cancel", help="cancel the open call-back of a ticket")
    cancel.add_argument("ticket", type=row_number, metavar="TICKET")
    cancel.add_argument("--why", required=True)
    cancel.set_defaults(run=_cancel)
    resolve = deeds.add_parser("resolve", help="let a call-back that needs a person go on")
    resolve.add_argument("ticket", type=row_number, metavar="TICKET")
    resolve.add_argument("ending", choices=sorted(ENDINGS))
    resolve.add_argument("--number", default="", help="the number to call; an extension after a star")
    resolve.add_argument("--why", required=True)
    resolve.set_defaults(run=_resolve)


def _cancel(args: argparse.Namespace) -> int:
    with composed() as services:
        at_once = deciding.cancel(services, args.ticket, args.why, signed_in_name())
    print(
        f"Ticket {args.ticket}: cancelled."
        if at_once
        else f"Ticket {args.ticket}: cancelled before the customer is called."
    )
    return 0


def _resolve(args: argparse.Namespace) -> int:
    with composed() as services:
        deciding.resolve(services, args.ticket, ENDINGS[args.ending], args.why, signed_in_name(), args.number)
    print(f"Ticket {args.ticket}: {args.ending}.")
    return 0


def _switch(args: argparse.Namespace) -> int:
    with composed() as services:
        deciding.switch(services, args.hand, args.why, signed_in_name(), on=args.state == "on")
    print(f"{args.hand.capitalize()} is {args.state}.")
    return 0


def _reconcile(args: argparse.Namespace) -> int:
    del args
    # Without an account the question would go out to a stranger's.
    require_service(wiring.settings())
    with composed() as services:
        counts = reconciling.sweep(services) | {"unknown_resolved": doubting.resolve_unknown(services, at_once=True)}
        left = doubting.still_unknown(services)
    for name, count in counts.items() if any(counts.values()) else ():
        print(f"{count:5} {name.replace('_', ' ')}")
    if left:
        print(f"{left:5} still in doubt: nothing found yet, or the telephone provider could not be asked")
    elif not any(counts.values()):
        print("Nothing was in doubt.")
    return 0
