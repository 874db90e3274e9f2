"""`ringback numbers` as a person at a terminal meets it."""

import pytest

from tests.cli.run import Run


def test_a_number_is_blocked_shown_and_allowed_again(ringback: Run) -> None:
    assert ringback("numbers") == (0, "There are no numbers on the list.\n", "")
    code, out, err = ringback("numbers", "block", "0471 23 45 67", "--why", "threatened us", "--until", "2090-01-31")
    assert (code, out, err) == (0, "Entered as number 1; `ringback numbers allow 1` takes it away.\n", "")
    ringback("numbers", "block", "+3290*", "--why", "premium")
    code, out, _ = ringback("numbers")
    first, second = out.splitlines()
    assert first.split("[")[0].split() == ["1", "+32471234567", "until", "2090-02-01", "00:00", "threatened", "us"]
    assert second.split("[")[0].split() == ["2", "+3290*", "for", "good", "premium"]
    assert ringback("numbers", "allow", "0471234567") == (0, "Taken off the list: number 1.\n", "")
    assert ringback("numbers", "allow", "2") == (0, "Taken off the list: number 2.\n", "")
    assert ringback("numbers")[1] == "There are no numbers on the list.\n"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("block", "0471 23", "--why", "x"), "not a number"),
        (("block", "0471*", "--why", "x"), "+3290*"),
        (("block", "0471234567", "--why", " "), "--why"),
        (("block", "0471234567"), "--why"),
        (("block", "0471234567", "--why", "x", "--until", "soon"), "'soon' is no time"),
        (("block", "0471234567", "--why", "x", "--until", "2020-01-01"), "has passed"),
        (("allow", "7"), "not on the list"),
        (("allow", "0471234567"), "not on the list"),
        (("allow", "banana"), "not a number"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(ringback: Run, words: tuple[str, ...], reason: str) -> None:
    code, out, err = ringback("numbers", *words)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert reason in err
    assert ringback("numbers")[1] == "There are no numbers on the list.\n"
