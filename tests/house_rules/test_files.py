"""What holds for every file that is committed: its length, what it names, and that no test waits by sleeping."""

import ast
import re

import pytest

from tests.house_rules.tree import files, text

MOST_LINES = 250
LONG = {
    "callbacks/ports.py": "everything the work needs from outside, read in one piece by whoever makes another of it",
    "callbacks/settings.py": "one typed object, one line and one check a setting: halves would each need the other",
    "callbacks/supervisor.py": "starting, watching and ending children share one loop; a half of it is no supervisor",
    "callbacks/workflows/registering.py": "every step of a caller up to his farewell, under one set of locks",
    "models/vocabulary.py": "every word of the house, which the pure rules must be able to load without anything else",
    "models/migrations/versions/0001_first_tables.py": "the first tables are one revision, and a revision stays",
    "models/migrations/versions/0004_what_people_see.py": "one revision, there and back again",
    "simulator/console/static/console.css": "one page, one sheet",
    "simulator/console/static/console.js": "one page without a build: handsets, clock, inbox, stories, the wire",
    "tests/call_desk.py": "the desk that all stories of the call-backs share",
    "tests/cli/test_commands.py": "the commands as one person at one terminal meets them",
    "tests/faults/points.py": "one table: every gap between two steps, a sentence each",
    "tests/ivr/test_message.py": "one conversation, every branch of it, in three languages where something is said",
    "tests/ivr/conftest.py": "the caller, the desk and the breakable database that every test of the telephone uses",
    "tests/ivr/test_again.py": "one conversation, every branch of it in three languages",
    "tests/providers/test_twilio_phone.py": "one class, every fault of one vendor's line",
    "tests/rules/test_calendar.py": "one calendar, every edge of a day",
    "tests/rules/test_call_progress.py": "one pure function, every order in which facts arrive",
    "tests/rules/test_slots.py": "one grid of moments, every edge of a day and of a clock",
    "tests/web/test_her_desk.py": "one page, every state of it and every button",
    "tests/web/test_schedule.py": "one page, everything on it",
    "tests/workflows/test_alarming.py": "one ladder, every story of it",
    "tests/workflows/test_booking.py": "one choice, from the offer to what is left of it after the call",
    "tests/workflows/test_bridging.py": "one verb, every story of it",
    "tests/workflows/test_dialing.py": "one verb, every story of it",
    "tests/workflows/test_dispatching.py": "one verb, every story of it",
    "tests/workflows/test_doubting.py": "one verb, every story of it",
    "tests/workflows/test_emails.py": "one verb, every story of it",
    "tests/workflows/test_promising.py": "one verb, every story of it",
    "tests/workflows/test_recalling.py": "one verb, every story of it",
    "tests/workflows/test_taking_down.py": "one verb, every story of it",
    "tests/workflows/test_registering.py": "one verb, with the races of a call that ends in the middle of it",
    "tests/workflows/test_ringing_back.py": "one customer who rings back, and everybody who may call him",
    "tests/workflows/test_telling.py": "one verb, every story of it",
}
"""Why a file is longer than the house wants; one that is shorter again leaves the list."""

SLEEPING = {
    "tests/callbacks/test_embedded_redis.py": "Redis writes to disk once a second, by its own clock",
    "tests/callbacks/test_supervisor.py": "looks again whether a process of its own has started or ended",
    "tests/databases.py": "looks again whether a server has opened its port",
    "tests/faults/scene.py": "looks again at telephones in a service whose processes die",
    "tests/journeys/stack.py": "looks again whether the service says that it is ready",
    "tests/journeys/watching.py": "looks again whether a process of the service has done its work",
}
"""Who may let real time pass: only where another process is waited for, and each look has a limit."""

LOCAL = re.compile(
    r"(?<![\w.}~$-])[/](?:work|root|home/\w+|Users/\w+)/"
    r"|[/]simple/|python[h]osted|py[p]i[.]org|index-url[ =]\S*:",
)
"""Folders of one machine and hosts of package registries; with brackets, so that this line does not find itself."""


def ours(*endings: str) -> list[str]:
    return [name for name in files() if name.endswith(endings) and "/vendor/" not in name and "/data/" not in name]


def test_no_file_is_longer_than_250_lines_without_a_reason() -> None:
    long = {name for name in ours(".py", ".html", ".css", ".js") if len((text(name) or "").splitlines()) > MOST_LINES}
    assert long - set(LONG) == set(), "a second noun is hiding in it"
    assert set(LONG) - long == set(), "short again: take it off the list"


def test_nothing_committed_names_a_folder_of_this_machine_or_a_package_registry() -> None:
    found = [f"{name}: {each[0]}" for name in files() for each in LOCAL.finditer(text(name) or "")]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "cd §work§main",
        "HOME=§root§x",
        '"§home§an§ringback"',
        "https:§§registry.example§simple§flask",
        "https:§§files.python" + "hosted.org",
        "--index_url=https:§§registry.example",
    ],
)
def test_a_line_of_one_machine_is_found_out(line: str) -> None:
    assert LOCAL.search(line.replace("§", "/").replace("_", "-"))


@pytest.mark.parametrize(
    "line", ["§tests§work§flows", "~§work§x", "$HOME§work§", "§tmp§rb-redis-1", "--no-emit-index-url"]
)
def test_an_ordinary_path_is_none_of_one_machine(line: str) -> None:
    assert not LOCAL.search(line.replace("§", "/"))


def sleeps(source: str) -> bool:
    """Say whether a module calls a `sleep`; what it hands to another process as text counts for that process."""
    calls = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return any("sleep" in {getattr(call, "attr", ""), getattr(call, "id", "")} for call in calls)


def test_no_test_lets_time_pass_by_sleeping_but_those_that_wait_for_another_process() -> None:
    sleeping = {name for name in ours(".py") if name.startswith(("tests/", "bench/")) and sleeps(text(name) or "")}
    assert sleeping == set(SLEEPING)
