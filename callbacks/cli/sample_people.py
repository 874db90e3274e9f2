"""The sample people of the demo, as the very CSV files that `ringback import` takes."""

import csv
import secrets
from pathlib import Path

CUSTOMERS = (
    ("company", "agreement", "contact", "phone", "email", "language"),
    ("Bakkerij Peeters", "managed", "An Peeters", "+32470123456;+3234567890", "an@bakkerij-peeters.example", "nl"),
    ("Drukkerij Maes", "hours_bundle", "Jef Maes", "+32479876543", "jef@drukkerij-maes.example", "nl"),
    ("Imprimerie Dubois", "time_and_materials", "Claire Dubois", "+32485112233", "claire@dubois.example", "fr"),
    ("Harbour Freight", "managed", "Tom Baker", "+32486445566", "tom@harbour.example", "en"),
)
AGENTS = (
    ("name", "phone", "email", "role", "languages", "password"),
    ("Sofie Claes", "+32471000001", "sofie@desk.example", "agent", "nl;fr"),
    ("Bart Wouters", "+32471000002", "bart@desk.example", "agent", "nl;en"),
    ("Mieke Janssens", "", "mieke@desk.example", "supervisor", "nl"),
)
PASSWORDS_FILE = "passwords.txt"


PINS = {"Sofie Claes": "2580", "Bart Wouters": "1470"}
"""For the hotline, dialled from the agent's own telephone."""


def write(folder: Path) -> None:
    """Write customers.csv, agents.csv and the passwords made up for this very demo."""
    passwords = {row[0]: secrets.token_urlsafe(9) for row in AGENTS[1:]}
    with (folder / "customers.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(CUSTOMERS)
    with (folder / "agents.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([AGENTS[0], *((*row, passwords[row[0]]) for row in AGENTS[1:])])
    lines = [f"{row[2]} {passwords[row[0]]} ({row[3]})\n" for row in AGENTS[1:]]
    (folder / PASSWORDS_FILE).write_text("".join(lines), encoding="utf-8")
