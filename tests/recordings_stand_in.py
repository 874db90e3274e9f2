"""A recordings folder in memory."""

from dataclasses import dataclass, field


@dataclass
class KeptRecordings:
    """A folder of sounds; `trouble` is what its disk says."""

    sounds: dict[str, bytes] = field(default_factory=dict)
    trouble: OSError | None = None

    def keep(self, recording_sid: str, sound: bytes) -> None:
        """Keep it."""
        if self.trouble is not None:
            raise self.trouble
        self.sounds[recording_sid] = sound

    def sound(self, recording_sid: str) -> bytes | None:
        """Return it."""
        return self.sounds.get(recording_sid)

    def forget(self, recording_sid: str) -> None:
        """Delete it."""
        self.sounds.pop(recording_sid, None)
