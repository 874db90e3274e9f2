"""What a simulator is told at start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """One account with its numbers. The first number is the hotline, whose VoiceUrl is `voice_url`."""

    account_sid: str
    auth_token: str
    numbers: tuple[str, ...]
    voice_url: str
    voice_fallback_url: str | None = None
    status_callback: str | None = None
    api_key: tuple[str, str] | None = None
    port: int = 0
    """0 takes a free port."""
    base_url: str | None = None
    """The address under which recordings are fetched; the simulator's own when not given."""
    cps: float = 0.0
    """Calls a second that leave the queue; 0 lets all go at once. Twilio's default is 1 an account."""
    speech_rate: float = 0.0
    """Characters a second, for people who listen; 0 speaks and pauses in no time."""
    dial_action_after_hangup: bool = False
    """Whether Dial's action is requested when the first caller hangs up. Twilio documents neither way (dial page)."""

    mail_port: int | None = None
    """The port of the mail server it offers (SMTP); None offers none, 0 takes a free port."""
    clock_url: str | None = None
    """In a demo, where the service's own clock is read and moved; None moves the telephones' clock alone."""
    scene: Path | None = None
    """Whose telephones these are, and the stories that can be played (see `simulator.scene`)."""

    @property
    def hotline(self) -> str:
        """The number that the public dials."""
        return self.numbers[0]
