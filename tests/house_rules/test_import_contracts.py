"""The arrows between the rooms hold, and each of them would be missed."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOOL = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
CONTRACTS = [contract["name"] for contract in TOOL["contracts"]]

FORBIDDEN = {
    "web and ivr → callbacks → models": ("models/ticket.py", "callbacks.clock"),
    "cli, jobs → wiring → workflows and providers → store → rules": ("callbacks/store/queue.py", "callbacks.jobs"),
    "The words know nothing but the standard library": ("models/vocabulary.py", "sqlalchemy"),
    "Memory is SQLAlchemy alone": ("models/ticket.py", "redis"),
    "The rules are pure: no database, network, files, environment or settings, nor through others": (
        "callbacks/rules/retry.py",
        "os",
    ),
    "The store speaks SQLAlchemy, and to no network": ("callbacks/store/queue.py", "requests"),
    "Workflows reach the outside through ports": ("callbacks/workflows/dialing.py", "twilio"),
    "Providers know ports and one vendor, nothing of the work": ("callbacks/providers/rq_bell.py", "sqlalchemy"),
    "One vendor library a provider: Twilio": ("web/health.py", "twilio"),
    "Flask is for what is heard and seen": ("callbacks/jobs.py", "flask"),
    "The telephone's handlers know neither the pages nor the database library": ("ivr/menu.py", "web.access"),
    "The pages know neither the telephone nor the database library; web.app puts both together": (
        "web/schedule.py",
        "ivr.menu",
    ),
    "The simulator is another company: reached over HTTP only, both ways": ("simulator/dial.py", "models.vocabulary"),
    "Nobody of ours imports the simulator": ("callbacks/cli/listing.py", "simulator.client"),
}
"""For each contract an import that breaks it."""

PROGRAM = """
import json
from importlinter import configuration
from importlinter.application import use_cases
configuration.configure()
options = use_cases.read_user_options("pyproject.toml")
use_cases._register_contract_types(options)
report = use_cases.create_report(options, cache_dir=None)
print(json.dumps({contract.name: check.kept for contract, check in report.get_contracts_and_checks()}))
"""


def kept_in(tree: Path) -> dict[str, bool]:
    """Check all contracts in a tree; import-linter reads the packages that a process of its own would import."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, bool] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_every_contract_between_the_rooms_is_kept() -> None:
    assert kept_in(ROOT) == dict.fromkeys(CONTRACTS, True)


def test_a_tree_that_breaks_every_contract_is_found_out(tmp_path: Path) -> None:
    assert list(FORBIDDEN) == CONTRACTS, "a contract without an import that breaks it may be one that cannot fail"
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in TOOL["root_packages"]:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    for path, module in FORBIDDEN.values():
        with (tmp_path / path).open("a", encoding="utf-8") as file:
            file.write(f"import {module}\n")
    assert kept_in(tmp_path) == dict.fromkeys(CONTRACTS, False)
