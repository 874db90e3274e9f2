"""Faults are spoken: no caller hears silence, a stack trace, or "an application error has occurred"."""

import logging
import re
import time
import traceback
from collections.abc import Callable

from flask import Blueprint, Response, g, request

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.workflows import registering
from callbacks.workflows.registering import Line
from ivr.twiml import render
from models.vocabulary import Language

PATIENCE = 3.0
"""Seconds. The provider gives up on us after fifteen; a database that kept us waiting so long is not asked again."""

STATUS = "/voice/status/"
CALLERS = frozenset(
    {
        webhook_paths.INCOMING,
        webhook_paths.MENU,
        webhook_paths.NUMBER,
        webhook_paths.NUMBER_TYPED,
        webhook_paths.NUMBER_READ_BACK,
        webhook_paths.AGAIN,
        webhook_paths.AGAIN_SAME,
        webhook_paths.AGAIN_CANCEL,
        webhook_paths.DESK,
        webhook_paths.DESK_MENU,
        webhook_paths.DESK_OUTCOME,
        webhook_paths.DESK_DOSSIER,
        webhook_paths.FAREWELL,
        webhook_paths.MOMENT,
        webhook_paths.MESSAGE,
        webhook_paths.MESSAGE_LEFT,
    },
)
LONGEST_MESSAGE = 500

_DIGITS = re.compile(r"[0-9][0-9 ()./-]{4,}[0-9]")

log = logging.getLogger(__name__)


def speak_faults(blueprint: Blueprint, services: Services, monotonic: Callable[[], float] = time.monotonic) -> None:
    """Answer every exception of this blueprint's handlers with a document, and write it to the log without numbers."""

    @blueprint.before_request
    def admitted() -> None:
        g.admitted_at = monotonic()

    @blueprint.errorhandler(Exception)
    def apologise(error: Exception) -> Response:
        if "admitted_at" not in g:  # not even past the door
            return Response(status=403)
        _write_down(error)
        if request.path.startswith(STATUS):
            # Nobody listens; a 500 shows in the provider's own log, and it may tell us again.
            return Response(status=500)
        if request.path == webhook_paths.BYE:
            # The goodbye was heard. An apology would end in this same path, round and round; the sweep releases.
            return render("hang_up", Language.NL, services)
        if request.path not in CALLERS:
            return render("apology_line", _language(None), services)
        line = _known(services, quick=monotonic() - g.admitted_at < PATIENCE)
        kept = line is not None and line.callback_id is not None
        return render("apology", _language(line), services, kept=kept)


def masked(text: str) -> str:
    """Return a message for the log without any run of digits as long as a telephone number."""
    return _DIGITS.sub("…", text)[:LONGEST_MESSAGE]


def _known(services: Services, *, quick: bool) -> Line | None:
    """Return what is kept of this line: as the database says now, or else as it said when the request began."""
    before: Line | None = g.get("line")
    if not quick:
        return before
    try:
        return registering.recalls(services, request.form["CallSid"])
    except Exception as error:  # noqa: BLE001 - whatever is broken, the caller hears a sentence
        _write_down(error)
        return before


def _language(line: Line | None) -> Language:
    return line.language if line else Language.NL


def _write_down(error: Exception) -> None:
    # The endpoint, not the path: an agent's path holds the secret of his attempt. The trace without the exception's
    # own text: a database's error quotes the row, numbers included.
    log.error(
        "call %s, %s: %s: %s\n%s",
        request.form.get("CallSid"),
        request.endpoint,
        type(error).__name__,
        masked(str(error)),
        "".join(traceback.format_tb(error.__traceback__)),
    )
