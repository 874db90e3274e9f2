"""The mails that came since a story began, each of which it speaks of once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simulator.mail import Mail
    from simulator.mailbox import Mailbox


class Inbox:
    """Begins empty, whatever the mailbox holds already."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox
        self._first = mailbox.count() + 1
        self._spoken_of: set[int] = set()

    def next_for(self, address: str, words: str) -> Mail | None:
        """The oldest mail to that address with these words in its subject that was not spoken of."""
        for mail in reversed(self._mailbox.mails()):
            new = mail.n >= self._first and mail.n not in self._spoken_of
            if new and address in mail.recipients and words in mail.head["subject"]:
                return mail
        return None

    def speaks_of(self, mail: Mail) -> str:
        """Its subject; the mail is not new any more."""
        self._spoken_of.add(mail.n)
        return str(mail.head["subject"])
