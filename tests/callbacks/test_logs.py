import logging
import sys

import pytest

from callbacks.logs import MaskingFormatter, masked


@pytest.mark.parametrize(
    "text",
    [
        "+32470111111",
        "calling +32470111111.",
        "(+32470111111)",
        "'+3234603535'",
        "to=+32470111111&from=+3234603535",
        "/Calls.json?To=%2B32470111111&From=%2B3234603535",
        "/Calls.json?To=%2b32470111111",
        "x-+32470111111-y",
        "tel:+35226123456",
        "+352261234",
        "32470111111",
        "0470111111",
        "034603535",
        "{'number': '+31612345678'}",
    ],
)
def test_no_full_telephone_number_is_left_in_a_line(text: str) -> None:
    line = masked(text).replace("%2B", "+").replace("%2b", "+")
    digits = "".join(letter if letter.isdigit() else " " for letter in line)
    assert max(map(len, digits.split())) < 8
    assert masked(text) != text


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("sent to an.peeters+desk@peeters.example.be", "an.peeters"),
        ("<an@peeters.test>", "an@"),
        ("GET /who?mail=an.peeters%40peeters.test", "an.peeters"),
        ("POST https://desk.accel.test/voice/agent/aB3-_xyz0123456789", "aB3-_xyz0123456789"),
        ("POST /voice/agent/aB3-_xyz0123456789/key?round=2", "aB3-_xyz0123456789"),
        ("POST /voice/customer/aB3-_xyz0123456789", "aB3-_xyz0123456789"),
        ("/voice/status/agent/aB3-_xyz0123456789", "aB3-_xyz0123456789"),
        ("/voice/status/customer/aB3-_xyz0123456789", "aB3-_xyz0123456789"),
        ("redis://:hunter2@redis.example:6379/0", "hunter2"),
        ("postgresql+psycopg://ringback:hunter2@db/ringback", "hunter2"),
        ("smtps://desk%40accel.be:hunter2@mail.accel.be:465", "hunter2"),
    ],
)
def test_no_address_secret_or_password_is_left_in_a_line(text: str, secret: str) -> None:
    assert secret not in masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24 09:00:00,123 INFO clock: looking",
        "CA00000000000000000000000000000123",
        "ticket 10001, attempt 42, code 21211",
        "http://127.0.0.1:8000/voice/incoming",
        "GET /schedule 200",
    ],
)
def test_what_is_needed_to_find_a_fault_is_left_alone(text: str) -> None:
    assert masked(text) == text


def test_arguments_and_exceptions_are_masked_like_the_message() -> None:
    try:
        raise ValueError("+32470111111 at redis://:hunter2@host")  # noqa: EM101, TRY003, TRY301 - what a library might raise
    except ValueError:
        trouble = sys.exc_info()
    record = logging.LogRecord("x", logging.ERROR, "", 1, "for %s", ("an@peeters.test",), trouble)
    line = MaskingFormatter("%(message)s").format(record)
    assert "ValueError" in line
    for secret in ("32470111111", "hunter2", "an@"):
        assert secret not in line


def test_a_line_cannot_be_overwritten_on_a_terminal() -> None:
    assert "\r" not in masked("fine\rforged")
