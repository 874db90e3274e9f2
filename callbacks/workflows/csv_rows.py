"""Reads a CSV file row by row, so that every mistake in it can be told with its line."""

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from callbacks.errors import RefusedInput

BIGGEST_FILE = 20_000_000
LONGEST_CELL = 254


class FileRefused(RefusedInput):
    """A file that is not taken; `mistakes` are sentences, one a mistake, in the order of the file."""

    def __init__(self, mistakes: Sequence[str]) -> None:
        """Keep every mistake; the message is the first."""
        super().__init__(mistakes[0])
        self.mistakes = tuple(mistakes)


@dataclass(frozen=True)
class Row:
    """One row by column name, with spaces around cells taken off, and the line it begins on."""

    line: int
    cells: dict[str, str]


class Mistakes:
    """Collects what is wrong with a file, so that it is refused once, with all of it."""

    def __init__(self, name: str) -> None:
        """Begin with none; `name` is the file's."""
        self._name = name
        self._found: list[tuple[int, str]] = []

    def add(self, line: int, reason: str) -> None:
        """Remember one."""
        self._found.append((line, f"{self._name}, line {line}: {reason}"))

    def refuse_if_any(self) -> None:
        """Raise FileRefused with all of them, in the order of the lines."""
        if self._found:
            raise FileRefused([sentence for _, sentence in sorted(self._found, key=lambda each: each[0])])


def read_rows(path: Path, columns: Sequence[str], mistakes: Mistakes) -> list[Row]:
    """Return the rows below the header; empty lines are left out. UTF-8, with or without a byte order mark.

    Raises FileRefused where the file cannot be read at all or its header is another one; what is wrong with single
    rows goes to `mistakes`, and those rows are left out.
    """
    text = _text(path)
    try:
        lines = csv.reader(io.StringIO(text, newline=""), strict=True)
        _check_header(path.name, next(lines, []), columns)
        header = [cell.strip().lower() for cell in next(csv.reader(io.StringIO(text, newline="")))]
        rows: list[Row] = []
        begins = lines.line_num + 1
        for cells in lines:
            line, begins = begins, lines.line_num + 1
            if any(cell.strip() for cell in cells) and _is_sound(line, cells, columns, mistakes):
                rows.append(Row(line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
    except csv.Error as trouble:
        raise FileRefused([f"{path.name}, line {lines.line_num}: {trouble}"]) from None
    if not rows:
        mistakes.add(2, "there is no row below the header")
    return rows


def _text(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise FileRefused([f"{path}: {trouble.strerror or trouble}"]) from None
    if len(raw) > BIGGEST_FILE:
        raise FileRefused([f"{path.name}: larger than {BIGGEST_FILE // 1_000_000} MB"])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as trouble:
        line = raw[: trouble.start].count(b"\n") + 1
        raise FileRefused([f"{path.name}, line {line}: not UTF-8; save the file as CSV UTF-8"]) from None


def _check_header(name: str, found: Sequence[str], columns: Sequence[str]) -> None:
    if sorted(cell.strip().lower() for cell in found) != sorted(columns):
        # A spreadsheet with Belgian settings separates by semicolons.
        hint = ", separated by commas" if len(found) == 1 and ";" in found[0] else ""
        raise FileRefused([f"{name}, line 1: the header must be {','.join(columns)}{hint}"])


def _is_sound(line: int, cells: Sequence[str], columns: Sequence[str], mistakes: Mistakes) -> bool:
    if len(cells) != len(columns):
        mistakes.add(line, f"{len(cells)} columns instead of {len(columns)}")
        return False
    for cell in cells:
        if any(unicodedata.category(each) in {"Cc", "Cs", "Zl", "Zp"} for each in cell.strip()):
            mistakes.add(line, "a cell holds a line break or another control character")
            return False
        if len(cell.strip()) > LONGEST_CELL:
            mistakes.add(line, f"a cell is longer than {LONGEST_CELL} characters")
            return False
    return True
