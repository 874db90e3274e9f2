"""What the README says of the tree and of the commands is so."""

import argparse
import re
from pathlib import Path

from callbacks import cli
from tests.house_rules.tree import files

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MOST_LINES = 250

Command = tuple[str, ...]


def mapped() -> set[str]:
    """Return the folders that the map names; an indented one is below the last that is not."""
    found = re.search(r"## The map\n+```\n(.*?)```", README, re.DOTALL)
    assert found is not None
    names, above = set(), ""
    for line in found[1].splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        for name in re.findall(r"(\S+)/(?=\s|$)", line):
            names.add(f"{above}/{name}" if indent else name)
            above = above if indent else name
    return names


def test_the_map_names_each_room_and_each_folder_of_callbacks_and_no_other() -> None:
    folders = {str(parent) for name in files() for parent in Path(name).parents if str(parent) != "."}
    rooms = {name for name in folders if "/" not in name and not name.startswith(".")}
    inside = {name for name in folders if re.fullmatch(r"callbacks/\w+", name)}
    assert mapped() == rooms | inside


def test_the_readme_is_read_in_one_sitting() -> None:
    assert len(README.splitlines()) <= MOST_LINES


def told() -> set[Command]:
    """Return the commands that the README's table and its examples name, with the words below them.

    In the table a word that is no command of its own belongs to the one before it: `ringback hours` (`close` · `open`).
    """
    commands: set[Command] = set()
    for line in README.splitlines():
        above = ""
        if line.startswith("| `ringback"):
            for span in re.findall(r"`([^`]+)`", line.replace(r"\|", "/").split("|")[1]):
                words = re.findall(r"[a-z][a-z-]*", re.sub(r"--\S+|[A-Z]+|…", "", span.removeprefix("ringback ")))
                if words and (words[0] in cli.COMMANDS or span.startswith("ringback")):
                    above = words.pop(0)
                    commands.add((above,))
                commands |= {(above, word) for word in words}
        elif example := re.match(r"\S*ringback ([a-z]+)(?: ([a-z]+) )?", line):
            commands |= {(example[1],), tuple(word for word in example.groups() if word)}
    return commands


def understood() -> set[Command]:
    """Return the commands that `ringback --help` shows, with the words below them."""
    shown = [name for name, (_, line) in cli.COMMANDS.items() if line]
    return {command for name in shown for command in _commands(cli._parser(name)) if command[0] == name}


def _commands(parser: argparse.ArgumentParser, above: Command = ()) -> set[Command]:
    found = {above} if above else set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                found |= _commands(below, (*above, word))
        elif action.choices and len(above) == 1 and action.dest != "queue":  # QUEUE is enough for a reader
            found |= {(*above, word) for word in action.choices}
    return found


def test_the_readme_tells_of_every_command_and_of_no_other() -> None:
    assert told() == understood()
