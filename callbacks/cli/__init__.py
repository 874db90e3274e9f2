"""The command `ringback`: each command in a module of its own, loaded only when it is asked for."""

import argparse
import logging
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

COMMANDS = {
    "up": ("running", "run everything: migrations, web, workers, clock (and Redis where none is given)"),
    "demo": ("demo", "run everything with a simulated telephone network and sample people"),
    "story": ("demo", ""),
    "migrate": ("importing", "bring the database to the newest schema and take the opening hours into force"),
    "import": ("importing", "take in customers or agents from a CSV file"),
    "callbacks": ("listing", "list the open call-backs, or all as JSON"),
    "tickets": ("listing", "list the tickets"),
    "user": ("user", "who may sign in: list people, add one, give a password or a role, sign somebody out"),
    "agents": ("listing", "list the agents, bring one on or off duty, or give him a PIN"),
    "shifts": ("rostering", "list agents' shifts, or enter when somebody works"),
    "absences": ("rostering", "list agents' absences, or enter one"),
    "announcement": ("announcing", "what every caller hears before the menu, such as a known outage"),
    "numbers": ("guarding", "list the numbers that are never dialled, or enter one"),
    "dialling": ("deciding", "stop or resume all dialling"),
    "intake": ("deciding", "let the hotline take outages alone"),
    "reconcile": ("deciding", "ask the telephone provider about everything in doubt, now"),
    "hours": ("listing", "show the coming days, or enter a closure or an extra opening"),
    "work": ("running", "run the workers of all queues"),
    "worker": ("running", "run one worker of one queue (`ringback work` starts these)"),
    "clock": ("running", "run the clock that rings the workers' bells"),
}
"""Command, the module in this package that has it, and its line in `ringback --help`; without one it is not shown."""

DESCRIPTION = (
    "Ringback answers an IT service desk's hotline, makes a ticket of each call, and phones back inside opening hours."
)
EPILOG = "Settings are read from the environment and from .env in the current folder; .env.example explains each."


class OneLineParser(argparse.ArgumentParser):
    """Complains in one line, with exit code 1, like everything else of ours."""

    def error(self, message: str) -> NoReturn:
        """End with the sentence and where to read more."""
        self.exit(1, f"ringback: {message}; see `{self.prog} --help`\n")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0, or 1 with one line a mistake on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = _parser(words[0] if words else "")
    try:
        args = parser.parse_args(words)
    except SystemExit as end:
        # argparse ends the process by itself, after --help too.
        return end.code if isinstance(end.code, int) else 1
    if not hasattr(args, "run"):
        parser.print_help()
        return 1
    return _run(args)


def _run(args: argparse.Namespace) -> int:
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - `ringback --help` must not load the database library

    from callbacks.errors import RingbackError  # noqa: PLC0415 - beside it

    # A command works without Redis and without anybody listening; the processes set up their own log.
    logging.getLogger().addHandler(logging.NullHandler())
    try:
        return int(args.run(args))
    except RingbackError as trouble:
        _complain(getattr(trouble, "mistakes", None) or str(trouble).splitlines())
    except DBAPIError as trouble:
        reason = str(trouble.orig).strip().splitlines() or [type(trouble).__name__]
        hint = "; has `ringback migrate` been run?" if _lacks_table(reason[0]) else ""
        _complain([f"database: {reason[0]}{hint}"])
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # `ringback tickets | head`: the reader has what he wanted.
        sys.stderr.close()
    except OSError as trouble:
        where = f"{trouble.filename}: " if trouble.filename else ""
        _complain([f"{where}{trouble.strerror or trouble}"])
    return 1


def _parser(asked: str) -> argparse.ArgumentParser:
    parser = OneLineParser("ringback", description=DESCRIPTION, epilog=EPILOG)
    parser.add_argument("--version", action="version", version=f"ringback {_version()}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    if asked in COMMANDS:
        import_module(f"{__name__}.{COMMANDS[asked][0]}").register(commands)
        return parser
    for name, (_, help_line) in COMMANDS.items():
        if help_line:
            commands.add_parser(name, help=help_line)
    return parser


def _complain(lines: Sequence[str]) -> None:
    for line in lines:
        print(f"ringback: {line}", file=sys.stderr)


def _lacks_table(reason: str) -> bool:
    return any(words in reason for words in ("no such table", "does not exist", "unable to open database file"))


def _version() -> str:
    try:
        return version("ringback")
    except PackageNotFoundError:
        return "(not installed)"
