"""What callers said, as files in a folder of the service's own."""

import os
import tempfile
from pathlib import Path

from callbacks.recording_names import is_recording


class FileRecordings:
    """One WAV file a recording, readable by the service alone. Raises OSError where the disk refuses."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; it is made when the first sound comes."""
        self._folder = folder

    def keep(self, recording_sid: str, sound: bytes) -> None:
        """Keep a sound, whole or not at all: whoever plays it meanwhile gets no half of it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600 (tempfile's own promise), which the renamed file keeps.
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
            try:
                file.write(sound)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(self._path(recording_sid))
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise

    def sound(self, recording_sid: str) -> bytes | None:
        """Return a sound, None where it is not here."""
        try:
            return self._path(recording_sid).read_bytes()
        except FileNotFoundError:
            return None

    def forget(self, recording_sid: str) -> None:
        """Delete a sound; one that is not here is no error."""
        self._path(recording_sid).unlink(missing_ok=True)

    def _path(self, recording_sid: str) -> Path:
        if not is_recording(recording_sid):
            message = "no name of a recording"
            raise ValueError(message)
        return self._folder / f"{recording_sid}.wav"
