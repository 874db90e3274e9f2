"""`ringback migrate` and `ringback import`: what a new desk needs before its first call."""

import argparse
from pathlib import Path

from callbacks import wiring
from callbacks.cli.composed import composed
from callbacks.store import hours
from callbacks.workflows.importing import Imported, import_agents, import_customers
from models import migrate

CUSTOMERS_HELP = "company,agreement,contact,phone,email,language - one row a contact, several numbers separated by ;"
AGENTS_HELP = "name,phone,email,role,languages,password - role agent or supervisor; agents start on duty"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    commands.add_parser(
        "migrate",
        help="bring the database to the newest schema and take the opening hours into force",
    ).set_defaults(run=_migrate)
    taking = commands.add_parser(
        "import",
        help="take in customers or agents from a CSV file",
        description="A file with a bad row is refused whole; the same file twice changes nothing. "
        "People who are not in the file stay as they are.",
    )
    kinds = taking.add_subparsers(title="what", required=True, metavar="customers|agents")
    customers = kinds.add_parser("customers", help=CUSTOMERS_HELP, description=CUSTOMERS_HELP)
    customers.add_argument("file", type=Path, metavar="FILE.csv")
    customers.set_defaults(run=_customers)
    agents = kinds.add_parser("agents", help=AGENTS_HELP, description=AGENTS_HELP)
    agents.add_argument("file", type=Path, metavar="FILE.csv")
    agents.set_defaults(run=_agents)


def _migrate(args: argparse.Namespace) -> int:
    del args
    _bring_up_to_date()
    print("The database is up to date.")
    return 0


def _bring_up_to_date() -> None:
    migrate.upgrade(wiring.settings().database_url)
    with composed() as services:
        now = services.clock.now()
        with services.database.write() as session:
            hours.settle(session, services.rules, now)


def make_room() -> None:
    """Bring a database that is new or behind to the newest schema: an import may be the very first command."""
    if not migrate.is_current(wiring.settings().database_url):
        _bring_up_to_date()


def _customers(args: argparse.Namespace) -> int:
    make_room()
    with composed() as services:
        print(_sentence(args.file.name, "contacts", import_customers(services, args.file)))
    return 0


def _agents(args: argparse.Namespace) -> int:
    make_room()
    with composed() as services:
        print(_sentence(args.file.name, "agents", import_agents(services, args.file)))
    return 0


def _sentence(name: str, what: str, imported: Imported) -> str:
    if not imported.added and not imported.changed:
        return f"{name}: {imported.rows} {what}, nothing changed."
    return f"{name}: {imported.rows} {what}, {imported.added} added, {imported.changed} changed."
