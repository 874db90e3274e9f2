"""The command line in a folder of its own, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callbacks import wiring
from callbacks.cli import main
from tests.cli.run import Run


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    folder = tmp_path / "cwd"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("RINGBACK_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "REDIS_URL", "RINGBACK_DEMO"):
        monkeypatch.delenv(name, raising=False)
    wiring.settings.cache_clear()
    yield monkeypatch
    wiring.settings.cache_clear()


@pytest.fixture
def ringback(environment: pytest.MonkeyPatch, database_url: str, capsys: pytest.CaptureFixture[str]) -> Run:
    environment.setenv("DATABASE_URL", database_url)

    def run(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out, err = capsys.readouterr()
        return code, out, err

    return run
