"""The mails that the stand-in's mail server took, kept in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.mail import Mail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from simulator.exchange import Exchange

MOST_MAILS = 1000
"""Kept; older ones are forgotten, so that a service which mails in a circle does not fill the memory."""
MOST_BYTES = 64 * 1024 * 1024
"""Of all that are kept."""


class Mailbox:
    """All mails, whoever they are for. Guarded by the exchange's condition, so that `Exchange.watch` sees them come."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._kept: dict[int, Mail] = {}
        self._count = 0

    def keep(self, sender: str, recipients: Sequence[str], raw: bytes) -> Mail:
        """Keep a mail and write it into the journal; wakes whoever waits. Raises nothing, whatever the mail holds."""
        exchange = self._exchange
        with exchange.changed:
            mail = Mail(self._count + 1, exchange.clock.now().isoformat(), sender, tuple(recipients), raw)
        # A header may take long to read: the telephones go on meanwhile.
        head = mail.head
        with exchange.changed:
            # The mail server hands them over one after the other, so that the number is still free.
            self._count = mail.n
            self._kept[mail.n] = mail
            self._forget_the_oldest()
            exchange.journal.add("mail", number=mail.n, to=head["to"], subject=head["subject"])
            return mail

    def _forget_the_oldest(self) -> None:
        held = sum(len(mail.raw) for mail in self._kept.values())
        while len(self._kept) > MOST_MAILS or (held > MOST_BYTES and len(self._kept) > 1):
            held -= len(self._kept.pop(next(iter(self._kept))).raw)

    def count(self) -> int:
        """How many mails ever came, the forgotten ones too."""
        with self._exchange.changed:
            return self._count

    def mails(self) -> list[Mail]:
        """All that are kept, newest first."""
        with self._exchange.changed:
            return list(reversed(self._kept.values()))

    def mail(self, n: int) -> Mail | None:
        """The mail of that number, None when there is none (any more)."""
        with self._exchange.changed:
            return self._kept.get(n)
