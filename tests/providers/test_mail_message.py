"""Nobody gets a header of his own into our mails."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest

from callbacks.errors import MailRefused
from callbacks.ports import Mail
from callbacks.providers.mail_message import HEADERS, compose
from models.vocabulary import Language

NOW = datetime(2026, 10, 12, 9, 30, tzinfo=UTC)
SENDER = "Accel Service Desk <desk@accel.test>"


def _mail(
    recipient: str = "an@peeters.test", subject: str = "Ticket 10001", message_id: str = "<1@accel.test>"
) -> Mail:
    return Mail(recipient, message_id, subject, "Dag An,\n", "<p>Dag An,</p>", Language.NL)


@pytest.mark.parametrize(
    "subject",
    [
        "=?UTF-8?q?hi=0aBcc:_evil@x.be?=",
        "=?UTF-8?b?aGkKQmNjOiBldmlsQHguYmU=?=",
        "==??UTF-8?q?hi=0aBcc:_evil@x.be?=",
        "=\x00?UTF-8?q?hi=0aBcc:_evil@x.be?=",
        "hi\r\nBcc: evil@x.be",
        "hi\nBcc: evil@x.be",
        "hi\u2028Bcc: evil@x.be",
        "hi\x0bBcc: evil@x.be",
        "hi\x85Bcc: evil@x.be",
        "x" * 5000,
    ],
)
def test_a_subject_stays_a_subject(subject: str) -> None:
    sent = compose(_mail(subject=subject), SENDER, NOW).as_bytes()
    parsed = message_from_bytes(sent, policy=default)
    assert {name.lower() for name in parsed} <= HEADERS
    assert parsed["Bcc"] is None
    assert len(parsed["Subject"]) <= 200


@pytest.mark.parametrize("message_id", ["<1@x>\r\nBcc: evil@x.be", "=?UTF-8?q?hi=0aBcc:_evil@x.be?="])
def test_a_message_id_stays_a_message_id(message_id: str) -> None:
    parsed = message_from_bytes(compose(_mail(message_id=message_id), SENDER, NOW).as_bytes(), policy=default)
    assert parsed["Bcc"] is None


@pytest.mark.parametrize(
    "recipient",
    [
        "",
        "an",
        "an@",
        "@peeters.test",
        "an@peeters.test, evil@x.be",
        "an@peeters.test;evil@x.be",
        "An <an@peeters.test>",
        "an@peeters.test\r\nBcc: evil@x.be",
        "=?UTF-8?q?a=0aBcc:_evil?=@x.be",
        "an@peeters@test",
        "a n@peeters.test",
        "an@" + "x" * 300,
    ],
)
def test_a_recipient_that_is_not_one_address_is_refused(recipient: str) -> None:
    with pytest.raises(MailRefused):
        compose(_mail(recipient=recipient), SENDER, NOW)


def test_a_mail_says_that_a_machine_wrote_it_and_holds_text_and_html() -> None:
    parsed = message_from_bytes(compose(_mail(), SENDER, NOW).as_bytes(), policy=default)
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["From"].addresses[0].addr_spec == "desk@accel.test"
    assert parsed["Message-ID"] == "<1@accel.test>"
    assert parsed["Date"].datetime == NOW
    for kind, words in (("plain", "Dag An,"), ("html", "<p>Dag An,</p>")):
        body = parsed.get_body((kind,))
        assert body is not None
        assert body.get_content().strip() == words


def test_a_subject_with_accents_arrives_as_it_was_written() -> None:
    parsed = message_from_bytes(
        compose(_mail(subject="Clôturé: café 100 % = ok?"), SENDER, NOW).as_bytes(), policy=default
    )
    assert parsed["Subject"] == "Clôturé: café 100 % = ok?"
