"""Makes the message that goes out, with headers nobody can smuggle another header into."""

import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from callbacks.errors import MailRefused
from callbacks.ports import Mail

HEADER_LIMIT = 200
ADDRESS_LIMIT = 254
HEADERS = frozenset(
    {
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "auto-submitted",
        "x-auto-response-suppress",
        "content-language",
        "mime-version",
        "content-type",
    },
)


def compose(mail: Mail, sender: str, now: datetime) -> EmailMessage:
    """Return the message as it is sent; `sender` is `Name <address>` or an address.

    Raises MailRefused for a recipient that is no single address, or where any header came out that we did not put in.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender_address(sender)
    message["To"] = recipient_address(mail.recipient)
    message["Subject"] = header_text(mail.subject)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = header_text(mail.message_id)
    # RFC 3834: vacation programs and ticket systems do not answer this, so no loop begins.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = str(mail.language)
    message.set_content(mail.body_text)
    message.add_alternative(mail.body_html, subtype="html")
    _check_headers(message)
    return message


def header_text(text: str) -> str:
    """Return `text` on one line, at most 200 characters, with nothing a header parser could take for more.

    Python decodes an RFC 2047 word in a header it is given and writes a line feed inside it as a real one, which
    makes `=?UTF-8?q?hi=0aBcc:_x@y.be?=` a Bcc header; so the word is broken up.
    """
    visible = "".join(" " if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else each for each in text)
    return " ".join(visible.replace("=?", "= ?").split())[:HEADER_LIMIT]


def recipient_address(text: str) -> Address:
    """Return one bare address; raises MailRefused for anything else, such as two addresses or a name before it."""
    local, _, domain = text.partition("@")
    plain = text.isascii() and text.isprintable() and not set(text) & set(' ,;:<>()[]"\\')
    if not (plain and local and domain and "@" not in domain and "=?" not in text and len(text) <= ADDRESS_LIMIT):
        message = "the recipient is not one e-mail address"
        raise MailRefused(message)
    return Address(username=local, domain=domain)


def sender_address(text: str) -> Address:
    """Return the house's own address with its name."""
    name, address = parseaddr(text)
    bare = recipient_address(address)
    return Address(header_text(name), bare.username, bare.domain)


def _check_headers(message: EmailMessage) -> None:
    head, _, _ = message.as_bytes().partition(b"\r\n\r\n")
    names = [line.partition(b":")[0].decode().lower() for line in head.split(b"\r\n") if line[:1] not in {b" ", b"\t"}]
    if set(names) - HEADERS or len(names) != len(set(names)):
        refusal = "the message has a header that we did not write"
        raise MailRefused(refusal)
