"""A table as a file for a spreadsheet, harmless to whoever opens it.

Excel set to Belgium, in Dutch or French, splits at semicolons, reads a comma as the decimal sign, and takes a file for
UTF-8 only where it begins with a byte order mark.
"""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from flask import Response

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would reckon out instead of showing (OWASP, CSV injection)."""

Cell = str | int | float | None


def answer(name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """Return the file `<name>.csv` to be saved; `name` is one of ours, of plain letters."""
    response = Response(content(header, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def content(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return the bytes of the file."""
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_safe(each) for each in header])
    writer.writerows([_safe(each) for each in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _safe(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.1f}".replace(".", ",")
    text = str(cell)
    # A number of ours is a number, also below zero; only words can hold a formula.
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text
