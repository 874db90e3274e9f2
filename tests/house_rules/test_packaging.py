"""What is installed is what is in the tree: packages, data, pinned dependencies, and the commands of the Procfile."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from callbacks.processes import CLOCK_ARGV, MIGRATE_ARGV, WEB_ARGV, WORK_ARGV, web_argv

ROOT = Path(__file__).parents[2]
ROOMS = ("callbacks", "ivr", "models", "simulator", "twiml_templates", "web")
DATA = {".css", ".html", ".ini", ".js", ".json", ".mako", ".po", ".py", ".svg", ".toml", ".txt", ".xml"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def room_files() -> Iterator[Path]:
    """Every file of the rooms that makes a difference once installed."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in DATA and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT)


def pins(lock: str) -> dict[str, str]:
    """Name and version of everything a lock file pins."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)", text, re.MULTILINE)
    return {canonicalize_name(name): pinned for name, pinned in found}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that a left-over build folder cannot hide a missing file."""
    source = tmp_path_factory.mktemp("source")
    for name in ("pyproject.toml", "LICENSE", "README.md"):
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, source)
    (source / "README.md").touch()
    for room in ROOMS:
        shutil.copytree(ROOT / room, source / room, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(folder), "."]
    subprocess.run(build, cwd=source, check=True, timeout=100)
    (built,) = folder.glob("ringback-*.whl")
    return built


def test_the_listed_packages_are_those_of_the_tree() -> None:
    with_code = {".".join(path.parent.parts) for path in room_files() if path.suffix == ".py"}
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == with_code | {"twiml_templates"}


@pytest.mark.wheel
def test_the_wheel_carries_every_file_of_the_rooms(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        inside = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert {str(path) for path in room_files()} - inside == set(), "missing in the wheel"
    assert {name.partition("/")[0] for name in inside} == set(ROOMS), "the wheel installs something else too"


@pytest.mark.wheel
def test_the_wheel_carries_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert any(name.endswith("/licenses/LICENSE") for name in archive.namelist())


@pytest.mark.wheel
def test_the_installed_command_runs_in_another_folder(wheel: Path, tmp_path: Path) -> None:
    # The dependencies are those of the running environment: what is tested is the package, not the network.
    place = tmp_path / "installed"
    venv.create(place, with_pip=False, symlinks=True)
    (packages,) = place.glob("lib/python3*/site-packages")
    install = [sys.executable, "-m", "pip", "--python", str(place / "bin/python"), "install", "-q", "--no-deps"]
    subprocess.run([*install, "--no-index", str(wheel)], check=True, timeout=100)
    dependencies = Path(pytest.__file__).parents[1]
    # A .pth inside a folder named by another .pth is not read, so the editable install stays out of sight.
    (packages / "dependencies.pth").write_text(f"{dependencies}\n", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        [place / "bin/ringback", "--help"],
        cwd=elsewhere,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "demo" in done.stdout
    where = subprocess.run(
        [place / "bin/python", "-c", "import callbacks, web; print(callbacks.__file__, web.__file__)"],
        cwd=elsewhere,
        env=clean,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert all(Path(name).is_relative_to(packages) for name in where.stdout.split())


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_pins_everything_with_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|@ |--(extra-)?index-url|--find-links|-e ", text)
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert len(blocks) == len(pins(lock))
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_lock_is_within_what_the_project_asks_for() -> None:
    pinned = pins("requirements.lock")
    asked = [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["postgres"],
        *PROJECT["build-system"]["requires"],
    ]
    for requirement in map(Requirement, asked):
        name = canonicalize_name(requirement.name)
        assert name in pinned, f"{name} is not in requirements.lock: make lock"
        assert requirement.specifier.contains(pinned[name]), f"{name} {pinned[name]} is not {requirement.specifier}"


def test_the_development_lock_changes_no_version_of_the_service() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_the_running_environment_is_the_locked_one() -> None:
    different = {
        name: (version(name), pinned)
        for name in ("flask", "rq", "redis", "sqlalchemy", "twilio", "gunicorn")
        if version(name) != (pinned := pins("requirements.lock")[name])
    }
    assert different == {}, "make dev"


def test_the_procfile_starts_what_ringback_up_starts() -> None:
    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())
    assert list(lines) == ["release", "web", "worker", "clock"]
    assert lines["release"] == " ".join(MIGRATE_ARGV)
    assert lines["web"] == " ".join(WEB_ARGV)
    assert lines["worker"] == " ".join(WORK_ARGV)
    assert lines["clock"] == " ".join(CLOCK_ARGV)


def test_the_web_command_takes_its_address_from_the_settings_and_logs_no_addresses_of_secrets() -> None:
    assert "0.0.0.0:8000" in web_argv({})
    assert "127.0.0.1:9000" in web_argv({"PORT": "9000", "BIND_ADDRESS": "127.0.0.1"})
    assert not any("$" in word for word in web_argv({}))
    assert "--access-logfile" not in WEB_ARGV
