"""Log lines of every process: one format, telephone numbers and addresses masked wherever they come from."""

import logging
import re
import sys

_NUMBER = re.compile(r"(?<![\w/-])(\d{5})\d{2,8}(\d{2})(?![\w-])")
_E164 = re.compile(r"((?:\+|%2B)\d{5})\d{1,8}(\d{2})(?!\d)", re.IGNORECASE)
"""With its plus, also as it stands in a URL: an error of the HTTP library quotes the whole address asked for."""
_ADDRESS = re.compile(r"[\w.+-]+(@|%40)((?:[\w-]+\.)+[\w-]+)")
_TOKEN = re.compile(r"(/(?:voice/(?:status/)?(?:agent|customer)|wall)/)[\w-]+")
_PASSWORD = re.compile(r"(\w+://[^:/@\s]*:)[^@\s]+@")


def masked(text: str) -> str:
    """Return `text` with numbers, mail addresses, and secrets and passwords in URLs made unreadable."""
    text = _PASSWORD.sub(r"\1…@", text)
    text = _NUMBER.sub(r"\1…\2", _E164.sub(r"\1…\2", text))
    text = _ADDRESS.sub(r"…\1\2", text)
    return _TOKEN.sub(r"\1…", text).replace("\r", " ")


class MaskingFormatter(logging.Formatter):
    """Masks the finished line, so that arguments, exceptions and other libraries' messages are covered alike."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line to write."""
        return masked(super().format(record))


def set_up(name: str) -> None:
    """Log to standard output, as `name`; the supervisor or the platform keeps it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(MaskingFormatter(f"%(asctime)s %(levelname)s {name} %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    # Its INFO lines carry whole URLs with the numbers that are asked about (see the SDK's http client).
    logging.getLogger("twilio.http_client").setLevel(logging.WARNING)
    logging.getLogger("rq.worker").setLevel(logging.WARNING)
    logging.getLogger("alembic").setLevel(logging.WARNING)
