"""`ringback announcement`, as a supervisor types it in a hurry."""

from tests.cli.run import Run


def test_an_announcement_is_entered_shown_and_taken_away(ringback: Run) -> None:
    assert ringback("announcement")[1] == "No announcement is heard.\n"
    assert ringback("announcement", "set", "--nl", "Storing bij ons.", "--fr", "Panne chez nous.")[0] == 0
    listed = ringback("announcement")[1]
    assert "Storing bij ons." in listed
    assert "Panne chez nous." in listed
    assert ringback("announcement", "clear")[1] == "Callers hear it no more.\n"
    assert ringback("announcement", "clear")[1] == "No announcement was heard.\n"


def test_a_mistake_is_one_line(ringback: Run) -> None:
    for words in (("set",), ("set", "--nl", "x" * 400), ("set", "--nl", "Storing.", "--until", "gisteren")):
        code, _, complaint = ringback("announcement", *words)
        assert (code, complaint.count("\n")) == (1, 1), words
    assert ringback("announcement")[1] == "No announcement is heard.\n"
