"""`ringback user`: who may sign in, and as what."""

import argparse
import getpass
import sys

from callbacks.cli import tables
from callbacks.cli.composed import composed
from callbacks.cli.importing import make_room
from callbacks.cli.person import signed_in_name
from callbacks.errors import RefusedInput
from callbacks.passwords import SHORTEST
from callbacks.workflows import keeping_accounts
from models.vocabulary import Role


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command to the parser."""
    user = commands.add_parser(
        "user",
        help="who may sign in: list people, add one, give a password or a role, sign somebody out",
        description="Passwords are asked for twice, and are never part of the command.",
    )
    user.set_defaults(run=_list)
    deeds = user.add_subparsers(title="deeds", metavar="add|passwd|role|list|sign-out")
    add = deeds.add_parser("add", help="add somebody; agents start on duty, supervisors off duty")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--email", required=True, help="what he signs in with")
    add.add_argument("--role", required=True, choices=list(Role))
    add.add_argument("--phone", default="", help="his own telephone; only a supervisor can do without")
    add.add_argument("--languages", default="nl", help="what he speaks, his own first: nl,fr (default: nl)")
    _from_stdin(add)
    add.set_defaults(run=_add)
    password = deeds.add_parser("passwd", help="give somebody another password; he is signed out everywhere")
    password.add_argument("name", metavar="NAME")
    _from_stdin(password)
    password.set_defaults(run=_password)
    role = deeds.add_parser("role", help="make somebody an agent or a supervisor; he is signed out everywhere")
    role.add_argument("name", metavar="NAME")
    role.add_argument("role", choices=list(Role))
    role.set_defaults(run=_role)
    deeds.add_parser("list", help="list everybody, and in how many browsers he is signed in").set_defaults(run=_list)
    out = deeds.add_parser("sign-out", help="sign somebody out everywhere, such as after a lost telephone")
    out.add_argument("name", metavar="NAME")
    out.set_defaults(run=_sign_out)


def _from_stdin(parser: argparse.ArgumentParser) -> None:
    text = f"for scripts: the password is the first line of standard input, {SHORTEST} characters or more"
    parser.add_argument("--password-stdin", action="store_true", help=text)


def _list(args: argparse.Namespace) -> int:
    del args
    with composed() as services:
        lines = tables.accounts(keeping_accounts.everybody(services))
    print("\n".join(lines) if lines else "There is nobody yet; `ringback user add` adds the first.")
    return 0


def _add(args: argparse.Namespace) -> int:
    password = _new_password(args)
    make_room()
    cells = {
        "name": args.name,
        "phone": args.phone,
        "email": args.email.strip(),
        "role": args.role,
        "languages": args.languages,
        "password": password,
    }
    with composed() as services:
        name = keeping_accounts.add_person(services, cells, signed_in_name())
    print(f"{name} is added, and may sign in as {args.role}.")
    return 0


def _password(args: argparse.Namespace) -> int:
    password = _new_password(args)
    with composed() as services:
        name = keeping_accounts.set_password(services, args.name, password, signed_in_name())
    print(f"{name} has a new password, and is signed out everywhere.")
    return 0


def _role(args: argparse.Namespace) -> int:
    with composed() as services:
        name = keeping_accounts.change_role(services, args.name, Role(args.role), signed_in_name())
    print(f"{name} is {args.role}.")
    return 0


def _sign_out(args: argparse.Namespace) -> int:
    with composed() as services:
        ended = keeping_accounts.sign_out(services, args.name, signed_in_name())
    print(f"{args.name} was signed in in {ended} browser{'s' * (ended != 1)}, and is in none now.")
    return 0


def _new_password(args: argparse.Namespace) -> str:
    if args.password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        message = "there is no terminal to ask for the password on; give it with --password-stdin"
        raise RefusedInput(message)
    password = getpass.getpass(f"Password, {SHORTEST} characters or more: ")
    if getpass.getpass("Once more: ") != password:
        message = "that was not the same password twice; nothing is changed"
        raise RefusedInput(message)
    return password
