"""Numbers of rows, as they stand in addresses and forms that anybody may write."""

from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1
"""The largest number a row can have: PostgreSQL refuses to look for a larger one."""
MOST_DIGITS = len(str(LARGEST))


class RowNumber(IntegerConverter):
    """`<int:…>` in an address: what no row can have for a number is no address of ours, 404."""

    regex = f"[0-9]{{1,{MOST_DIGITS}}}"

    def __init__(self, map: Map) -> None:  # noqa: A002 - werkzeug's own name
        """Take no number above the largest."""
        super().__init__(map, max=LARGEST)


def row_number(text: str | None) -> int | None:
    """Return the number; None for what no row can have. The digits of other scripts are none."""
    if not text or len(text) > MOST_DIGITS or not (text.isascii() and text.isdigit()):
        return None
    return number if (number := int(text)) <= LARGEST else None
