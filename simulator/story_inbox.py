"""The mails that came since a story began, each of which it speaks of once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.mailbox import Mailbox


class Inbox:
    """Begins empty, whatever the mailbox holds already."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._first = mailbox.count()
        self._spoken_of: set[int] = set()

    def has(self, address: str, words: str) -> bool:
        """Whether a mail to that address came, with these words in its subject, that was not spoken of."""
        return self._find(address, words) is not None

    def takes(self, address: str, words: str) -> str:
        """Speak of that mail: its subject. Raises StopIteration where `has` says no."""
        number = self._find(address, words)
        if number is None:
            raise StopIteration
        self._spoken_of.add(number)
        return str(self._mailbox.mails[number].subject)

    def _find(self, address: str, words: str) -> int | None:
        for number, mail in enumerate(self._mailbox.mails[self._first :], self._first):
            if number not in self._spoken_of and address in mail.to and words in mail.subject:
                return number
        return None
