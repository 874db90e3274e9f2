"""Which PINs an agent may choose."""

import pytest

from callbacks.errors import RefusedInput
from callbacks.rules.pins import check_pin

PHONE = "+32486975310"


@pytest.mark.parametrize("pin", ["2580", "0709", "71846", "12344321", "00000001", "1357"])
def test_an_ordinary_one_is_taken(pin: str) -> None:
    check_pin(pin, PHONE)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("", "4 to 8 digits"),
        ("258", "4 to 8 digits"),
        ("258025802", "4 to 8 digits"),
        ("25 80", "4 to 8 digits"),
        ("25a0", "4 to 8 digits"),
        ("٢٥٨٠", "4 to 8 digits"),
        ("0000", "too easy"),
        ("77777777", "too easy"),
        ("1234", "too easy"),
        ("4567890", "too easy"),
        ("9876", "too easy"),
        ("3210", "too easy"),
        ("5310", "his own telephone number"),
        ("4869", "his own telephone number"),
    ],
)
def test_what_everybody_would_try_first_is_refused_with_the_reason(pin: str, why: str) -> None:
    with pytest.raises(RefusedInput, match=why):
        check_pin(pin, PHONE)
