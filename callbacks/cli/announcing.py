"""`ringback announcement`: what every caller hears before the menu."""

import argparse

from callbacks.cli import tables
from callbacks.cli.composed import composed
from callbacks.cli.person import signed_in_name
from callbacks.errors import RefusedInput
from callbacks.rules.local_times import ends_at
from callbacks.workflows import announcing
from models.vocabulary import Language


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "announcement",
        help="show, enter or take away what every caller hears first",
        description="A text in one language is heard by all; give it in each language where you can.",
    )
    parser.set_defaults(run=_show)
    deeds = parser.add_subparsers(title="changes", metavar="set|clear")
    enter = deeds.add_parser("set", help="have every caller hear this, instead of any before")
    for language in Language:
        enter.add_argument(f"--{language}", metavar="TEXT", help=f"the text in {language}")
    enter.add_argument("--until", metavar="TIME", help='"2026-12-24 12:00", or a day (default: until it is cleared)')
    enter.set_defaults(run=_set)
    clear = deeds.add_parser("clear", help="take it away")
    clear.set_defaults(run=_clear)


def _show(_args: argparse.Namespace) -> int:
    with composed() as services:
        rows = announcing.what_is_heard(services)
        lines = tables.announcements(rows, services.rules.zone) if rows else ["No announcement is heard."]
        print("\n".join(lines))
    return 0


def _set(args: argparse.Namespace) -> int:
    texts = {language: text for language in Language if (text := getattr(args, language)) is not None}
    if not texts:
        message = "give a text with --nl, --fr or --en"
        raise RefusedInput(message)
    with composed() as services:
        until = ends_at(args.until, services.rules.zone) if args.until else None
        announcing.announce(services, texts, until, signed_in_name())
    print("Every caller hears it from now on.")
    return 0


def _clear(_args: argparse.Namespace) -> int:
    with composed() as services:
        gone = announcing.fall_silent(services, signed_in_name())
    print("Callers hear it no more." if gone else "No announcement was heard.")
    return 0
