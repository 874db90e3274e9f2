"""The mails that the stand-in's mail server took, kept in memory."""

from __future__ import annotations

from typing import Any


class Mailbox:
    """All mails, oldest first."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    def count(self) -> int:
        """How many came."""
        return len(self.mails)
