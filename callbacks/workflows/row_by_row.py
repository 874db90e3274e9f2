"""Goes through rows so that one bad row never stops the others."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from callbacks.errors import PhoneError

Row = TypeVar("Row", int, str)

BUDGET_SECONDS = 30.0
"""A provider that answers slowly must not hold a worker: the next sweep takes the rest."""

log = logging.getLogger(__name__)


def each(rows: Iterable[Row], mend: Callable[[Row], bool]) -> int:
    """Mend row by row and return how many were. What fails is logged; the next sweep tries it again."""
    mended = 0
    began = time.monotonic()
    for row in rows:
        if time.monotonic() - began > BUDGET_SECONDS:
            break
        try:
            mended += mend(row)
        except PhoneError as error:
            log.warning("the telephone provider did not answer a question: %s", error)
        except Exception:
            log.exception("one row of a sweep failed; the others go on")
    return mended
