"""Numbers of rows, as they stand in addresses and forms that anybody may write."""

MOST_DIGITS = 18
"""More than a row can have: the database would not even look."""


def row_number(text: str | None) -> int | None:
    """Return the number; None for what is none. The digits of other scripts are none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
