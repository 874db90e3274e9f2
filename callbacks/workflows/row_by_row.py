"""Goes through rows so that one bad row never stops the others."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from callbacks.errors import PhoneError

Row = TypeVar("Row", int, str)

log = logging.getLogger(__name__)


def each(rows: Iterable[Row], mend: Callable[[Row], bool]) -> int:
    """Mend row by row and return how many were. What fails is logged; the next sweep tries it again."""
    mended = 0
    for row in rows:
        try:
            mended += mend(row)
        except PhoneError as error:
            log.warning("the telephone provider did not answer a question: %s", error)
        except Exception:
            log.exception("one row of a sweep failed; the others go on")
    return mended
