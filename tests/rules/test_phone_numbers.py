"""Numbers: what a caller may be called back on, and what is never dialled whoever asks."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callbacks.errors import RefusedInput
from callbacks.rules.phone_numbers import (
    E164,
    SENTINELS,
    WITHHELD,
    NumberRefused,
    Refusal,
    check_dialable,
    grouped,
    masked,
    parse_caller_id,
    parse_typed,
)

MOBILE = "+32470123456"
HOTLINE = "+3234603535"
AGENT = "+32475998877"
COUNTRIES = ("BE", "NL", "FR", "LU", "DE")
exactly = settings(deadline=None, derandomize=True, max_examples=200)
belgian_mobiles = st.integers(0, 9_999_999).map(lambda n: f"+3247{n:07d}")


def why_not_dialled(number: str, countries: tuple[str, ...] = COUNTRIES) -> Refusal | None:
    try:
        check_dialable(number, countries, {HOTLINE}, {AGENT})
    except NumberRefused as refused:
        return refused.reason
    return None


def why_not_taken(typed: str) -> Refusal | None:
    try:
        parse_typed(typed)
    except NumberRefused as refused:
        return refused.reason
    return None


@pytest.mark.parametrize("word", [*sorted(WITHHELD), "Anonymous", " RESTRICTED ", "", "+", "client:desk", "sip:a@b.be"])
def test_a_withheld_or_wordy_caller_id_is_no_number(word: str) -> None:
    assert parse_caller_id(word) is None


@pytest.mark.parametrize("keyed", sorted(SENTINELS))
def test_words_spelled_on_a_keypad_are_neither_taken_nor_dialled(keyed: str) -> None:
    for form in (keyed, f"+{keyed}"):
        assert parse_caller_id(form) is None
        assert why_not_taken(form) is Refusal.INVALID
    assert why_not_dialled(f"+{keyed}", ("LS", "RU", "UG", "CN", "BE")) is Refusal.WITHHELD


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        (MOBILE, MOBILE),
        ("0470123456", MOBILE),
        ("0032470123456", MOBILE),
        ("+31612345678", "+31612345678"),
        ("+32470", None),
        ("470123456", None),
        ("+8656696", None),
        ("+3270123456", None),  # possible by its length, and yet given to nobody
        ("+999123456789", None),
    ],
)
def test_a_caller_id_counts_only_when_it_is_a_valid_number(raw: str, number: str | None) -> None:
    assert parse_caller_id(raw) == number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0470123456", MOBILE),
        ("0470 12 34 56", MOBILE),
        ("0470/12.34.56", MOBILE),
        ("+32 (0)470 12 34 56", MOBILE),
        ("0032470123456", MOBILE),
        ("034603535", HOTLINE),
        ("0031612345678", "+31612345678"),
        ("00352621123456", "+352621123456"),
    ],
)
def test_numbers_are_read_as_people_key_them_in(typed: str, number: str) -> None:
    assert parse_typed(typed) == number


def test_a_national_number_is_read_as_dialled_in_its_country() -> None:
    assert parse_typed("0612345678", "NL") == "+31612345678"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", Refusal.INVALID),
        ("12", Refusal.INVALID),
        ("0", Refusal.INVALID),
        ("0470", Refusal.INVALID),
        ("070123456", Refusal.INVALID),
        ("04701234567890", Refusal.INVALID),
        ("*31#0470123456", Refusal.INVALID),
        ("0470123456;ext=5", Refusal.INVALID),
        ("0470123456 x5", Refusal.INVALID),
        ("tel:+32470123456", Refusal.INVALID),
        ("0470 FLOWER", Refusal.INVALID),
        ("\u0660\u0664\u0667\u0660\u0661\u0662\u0663\u0664\u0665\u0666", Refusal.INVALID),
        ("112", Refusal.EMERGENCY),
        ("1 1 2", Refusal.EMERGENCY),
        ("100", Refusal.EMERGENCY),
        ("101", Refusal.EMERGENCY),
        ("0903 12345", Refusal.PREMIUM),
        ("0900 12345", Refusal.PREMIUM),
        ("070 23 34 45", Refusal.PREMIUM),
        ("+19005551234", Refusal.PREMIUM),
        ("078151515", Refusal.SPECIAL),
        ("080012345", Refusal.SPECIAL),
        ("+88216123456", Refusal.SPECIAL),
        ("00881612345678", Refusal.SPECIAL),
    ],
)
def test_what_costs_extra_or_is_no_number_is_refused_with_its_reason(typed: str, reason: Refusal) -> None:
    assert why_not_taken(typed) is reason


@pytest.mark.parametrize("number", [MOBILE, "+3223456789", "+31612345678", "+33612345678", "+491711234567"])
def test_ordinary_numbers_in_allowed_countries_are_dialled(number: str) -> None:
    assert why_not_dialled(number) is None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (HOTLINE, Refusal.OWN),
        (AGENT, Refusal.AGENT),
        ("+3290312345", Refusal.PREMIUM),
        ("+3270233445", Refusal.PREMIUM),
        ("+3278151515", Refusal.SPECIAL),
        ("+3280012345", Refusal.SPECIAL),
        ("+881612345678", Refusal.SPECIAL),
        # Known fraud ranges that count as ordinary mobile numbers: the country list is what stops them.
        ("+37167000000", Refusal.NOT_ALLOWED),
        ("+447624123456", Refusal.NOT_ALLOWED),
        ("+14155552671", Refusal.NOT_ALLOWED),
        ("anonymous", Refusal.WITHHELD),
        ("+3270123456", Refusal.INVALID),
        ("112", Refusal.INVALID),
        ("+32112", Refusal.INVALID),
        ("0470123456", Refusal.INVALID),
        (f"{MOBILE}\n", Refusal.INVALID),
        (f" {MOBILE}", Refusal.INVALID),
        (f"{MOBILE};ext=1", Refusal.INVALID),
        ("+32\u0664\u0667\u0660\u0661\u0662\u0663\u0664\u0665\u0666", Refusal.INVALID),
        ("+320470123456", Refusal.INVALID),
        ("", Refusal.INVALID),
    ],
)
def test_what_must_never_be_dialled_is_refused_with_its_reason(number: str, reason: Refusal) -> None:
    assert why_not_dialled(number) is reason


def test_without_allowed_countries_nothing_is_dialled() -> None:
    assert why_not_dialled(MOBILE, ()) is Refusal.NOT_ALLOWED


def test_a_refusal_is_refused_input_with_a_sentence_but_without_the_number() -> None:
    for reason in Refusal:
        refused = NumberRefused(reason)
        assert isinstance(refused, RefusedInput)
        assert str(refused).endswith((".", "…"))
        assert not re.search(r"\d{4}", str(refused))


@exactly
@given(st.text(max_size=30))
@example("+32470123456\n")
@example("\u200f+32470123456")
def test_whatever_arrives_is_taken_as_e164_or_not_at_all(raw: str) -> None:
    caller = parse_caller_id(raw)
    assert caller is None or E164.fullmatch(caller)
    if why_not_taken(raw) is None:
        assert E164.fullmatch(parse_typed(raw))
    if why_not_dialled(raw) is None:
        assert E164.fullmatch(raw)


@exactly
@given(st.from_regex(E164, fullmatch=True))
def test_only_numbers_of_allowed_countries_are_ever_dialled(number: str) -> None:
    if why_not_dialled(number) is None:
        assert number.startswith(("+32", "+31", "+33", "+352", "+49"))


@exactly
@given(belgian_mobiles)
def test_a_number_survives_being_written_in_groups_and_keyed_in_again(number: str) -> None:
    assert parse_typed("".join(grouped(number))) == number
    assert parse_caller_id(number) == number


@pytest.mark.parametrize(
    ("number", "groups"),
    [
        (MOBILE, ["0470", "12", "34", "56"]),
        (HOTLINE, ["03", "460", "35", "35"]),
        ("+3223456789", ["02", "345", "67", "89"]),
        ("+31612345678", ["+31", "6", "12345678"]),
        ("+33612345678", ["+33", "6", "12", "34", "56", "78"]),
    ],
)
def test_numbers_are_grouped_as_people_write_them(number: str, groups: list[str]) -> None:
    assert grouped(number) == groups


def test_what_is_no_number_cannot_be_grouped() -> None:
    with pytest.raises(NumberRefused):
        grouped("anonymous")


def test_a_masked_number_shows_its_network_and_last_two_digits() -> None:
    assert masked(MOBILE) == "+32470…56"
    assert masked("+1234567") == "+1…67"
    assert masked("0470123456") == "…"
    assert masked("anonymous") == "…"


@exactly
@given(st.one_of(st.from_regex(E164, fullmatch=True), st.text(max_size=20)))
def test_a_masked_number_always_hides_at_least_four_digits(number: str) -> None:
    shown = masked(number)
    assert len(shown.replace("…", "")) <= max(0, len(number) - 4)
    assert number == "" or number not in shown or number == "…"
