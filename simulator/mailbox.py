"""The mails that the stand-in's mail server took, kept in memory."""

from __future__ import annotations


class Mailbox:
    """All mails, oldest first."""
