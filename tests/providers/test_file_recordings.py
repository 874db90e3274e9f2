"""The folder of what callers said."""

import stat
from pathlib import Path

import pytest

from callbacks.providers.file_recordings import FileRecordings

SID = "RE" + "a" * 32
SOUND = b"RIFF....WAVE"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "recordings"


def test_a_sound_is_kept_read_and_forgotten(folder: Path) -> None:
    kept = FileRecordings(folder)
    assert kept.sound(SID) is None
    kept.keep(SID, b"first")
    kept.keep(SID, SOUND)
    assert kept.sound(SID) == SOUND
    assert [path.name for path in folder.iterdir()] == [f"{SID}.wav"]
    kept.forget(SID)
    kept.forget(SID)
    assert kept.sound(SID) is None
    assert list(folder.iterdir()) == []


def test_nobody_else_on_the_machine_may_read_it(folder: Path) -> None:
    FileRecordings(folder).keep(SID, SOUND)
    assert stat.S_IMODE((folder / f"{SID}.wav").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_what_cannot_be_kept_leaves_nothing_half(folder: Path) -> None:
    (folder / f"{SID}.wav").mkdir(parents=True)
    with pytest.raises(OSError, match=SID):
        FileRecordings(folder).keep(SID, SOUND)
    assert [path.name for path in folder.iterdir()] == [f"{SID}.wav"]


@pytest.mark.parametrize("name", ["", "../RE", "../../etc/passwd", SID + "/..", SID + "\n", "RE\x00", "/etc/passwd"])
def test_what_is_no_recording_never_becomes_the_name_of_a_file(folder: Path, name: str) -> None:
    kept = FileRecordings(folder)
    folder.mkdir(parents=True)
    with pytest.raises(ValueError, match="no name of a recording"):
        kept.keep(name, SOUND)
    with pytest.raises(ValueError, match="no name of a recording"):
        kept.sound(name)
    with pytest.raises(ValueError, match="no name of a recording"):
        kept.forget(name)
    assert list(folder.parent.rglob("*")) == [folder]
