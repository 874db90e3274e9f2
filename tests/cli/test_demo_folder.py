"""The demo empties its own folder at each start, and nobody else's."""

from pathlib import Path

import pytest

from callbacks.cli import main


def test_a_folder_that_is_no_demos_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RINGBACK_HOME", str(tmp_path))
    thesis = tmp_path / "demo" / "thesis.txt"
    thesis.parent.mkdir()
    thesis.write_text("four years of work", encoding="utf-8")
    assert main(["demo", "--once"]) == 1
    assert "holds something else than a demo" in capsys.readouterr().err
    assert thesis.read_text(encoding="utf-8") == "four years of work"
