"""What stands of a call-back a caller rings about: read again, so that only what is committed is said again."""

from callbacks.ports import Services
from callbacks.rules.overload import how_busy
from callbacks.store import outbox, promises
from callbacks.store.load import load
from callbacks.store.promises import IN_THE_QUEUE
from callbacks.workflows.opening import opening
from callbacks.workflows.registering import Farewell, Line
from models.callback import Callback
from models.ticket import Ticket
from models.vocabulary import MailKind


def what_stands(services: Services, line: Line) -> Farewell | None:
    """Return what may be said of the call-back this line is about; None where there is none, or it is over."""
    if line.callback_id is None:
        return None
    now, rules = services.clock.now(), services.rules
    with services.database.read() as session:
        callback = session.get_one(Callback, line.callback_id)
        if callback.closed_at is not None:
            return None
        sure = callback.number_confirmed or callback.number == line.number or callback.inbound_sid != line.call_sid
        given = promises.in_force(session, callback.id) if callback.state in IN_THE_QUEUE else None
        # Who was told his moment hears it again. Who was not is told none now either: no mail would bring it.
        told = given is not None and given.told
        busy = None if told else how_busy(load(session, rules, now), rules.overload_queue, rules.overload_wait)
        return Farewell(
            session.get_one(Ticket, callback.ticket_id).number,
            callback.number if sure else None,
            given.range if given and not busy else None,
            outbox.count(session, callback.ticket_id, MailKind.CONFIRMATION) > 0,
            opening(session, services, now),
            busy,
        )
