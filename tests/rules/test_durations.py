import pytest

from callbacks.rules.durations import LONGEST, as_typed, seconds_of


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [("0", 0), ("12", 720), (" 12:30 ", 750), ("0:05", 5), ("90", 5400), ("1440", LONGEST)],
)
def test_minutes_and_seconds_are_read(typed: str, seconds: int) -> None:
    assert seconds_of(typed) == seconds


@pytest.mark.parametrize("typed", ["", "x", "-5", "1.5", "1:5", "1:60", "1441", "1440:01", "٣", "12345", "1:30:00"])
def test_anything_else_is_no_time(typed: str) -> None:
    assert seconds_of(typed) is None


@pytest.mark.parametrize("seconds", [0, 5, 60, 245, LONGEST])
def test_what_is_shown_can_be_typed(seconds: int) -> None:
    assert seconds_of(as_typed(seconds)) == seconds
