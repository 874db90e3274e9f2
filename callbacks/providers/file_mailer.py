"""Where there is no mail server: each mail becomes an .eml file in a folder, which any mail program opens."""

import os
import re
import tempfile
from pathlib import Path

from callbacks.errors import MailDelayed
from callbacks.ports import Clock, Mail
from callbacks.providers.mail_message import compose


class FileMailer:
    """Writes mails into a folder. The same Message-ID twice is one file, as it is one mail in a mailbox."""

    def __init__(self, folder: Path, sender: str, clock: Clock) -> None:
        """Remember the folder; it is made when the first mail comes."""
        self._folder = folder
        self._sender = sender
        self._clock = clock

    def send(self, mail: Mail) -> None:
        """Write one mail, whole or not at all. Raises MailRefused for a bad one, MailDelayed where the disk refuses."""
        message = compose(mail, self._sender, self._clock.now())
        name = re.sub(r"[^a-zA-Z0-9.-]", "", mail.message_id.partition("@")[0]) or "mail"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).replace(self._folder / f"{name}.eml")
        except OSError as trouble:
            reason = f"the mail folder: {trouble}"
            raise MailDelayed(reason) from None
