"""What the workers run: one function a queue, without arguments. Each looks into the database for what there is to do.

The first statement of every piece of work is a compare-and-set, so a bell rung twice does nothing twice.
"""

import logging
import os
import socket
from collections.abc import Callable

from callbacks import wiring
from callbacks.ports import Services
from callbacks.store.heartbeats import beat
from callbacks.workflows import dialing, dispatching, doubting, emails, keeping_messages, promising, reconciling

log = logging.getLogger(__name__)


def dispatch() -> None:
    """Join free agents and waiting call-backs."""
    dispatching.dispatch(_services("dispatch"))


def dial() -> None:
    """Ring the phones of reserved agents."""
    dialing.dial_due(_services("dial"))


def mail() -> None:
    """Send what is due in the outbox."""
    emails.send_due(_services("mail"))


def upkeep() -> None:
    """Ask the telephone provider about what has gone silent and what is in doubt, and look at what was promised."""
    services = _services("upkeep")
    # The promises first: they need nobody's answer, and a provider that hangs delays whatever comes after it.
    parts: tuple[Callable[[Services], dict[str, int]], ...] = (
        promising.review,
        _doubts,
        reconciling.sweep,
        keeping_messages.sweep,
    )
    for part in parts:
        try:
            mended = part(services)
        except Exception:  # whatever stops one of them, the others go on
            log.exception("a part of the upkeep failed")
            continue
        if any(mended.values()):
            log.info("upkeep: %s", ", ".join(f"{name} {count}" for name, count in mended.items() if count))


def _doubts(services: Services) -> dict[str, int]:
    return {"unknown_resolved": doubting.resolve_unknown(services)}


def _services(queue: str) -> Services:
    services = wiring.of_this_process()
    with services.database.write() as session:
        beat(session, f"{socket.gethostname()}/{queue}", queue, services.clock.now())
    log.debug("%s rung in process %d", queue, os.getpid())
    return services
