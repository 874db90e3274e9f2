"""Another moment for the call: three free ones by keypad, what each key means written into the address it goes to."""

import re
from datetime import UTC, datetime, timedelta

from flask import Response, request

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows import booking
from callbacks.workflows.booking import Slot
from callbacks.workflows.registering import Farewell, Line
from callbacks.workflows.what_stands import what_stands
from ivr import promise_words
from ivr.caller import Asked, asked
from ivr.twiml import render
from models.vocabulary import Language

OFFERED = 3
LATER, AS_IT_WAS = "9", "0"
MOST_PAGES = 20
"""How often later moments are read out on one line; the provider itself puts no end to a loop."""
MINUTES = re.compile(r"(?<![0-9])[0-9]{1,8}(?![0-9])", re.ASCII)
"""Minutes since 1970, up to the year 2160."""


def first(services: Services, line: Line, said: Farewell) -> Response:
    """Offer the first free moments."""
    return _offer(services, line, said, None)


def key(services: Services) -> Response:
    """Take the key after moments were offered; without any, offer the first ones."""
    call = asked(services)
    said = what_stands(services, call.line)
    if said is None or call.line.callback_id is None:  # a foreign request, or the call-back is over
        return render("on", call.line.language, services, sentences=["farewell_bye"], path=webhook_paths.BYE)
    offered = _offered(services)
    if not offered:
        return first(services, call.line, said)
    if call.keys in {str(n) for n in range(1, len(offered) + 1)}:
        return _book(services, call, call.line.callback_id, said, offered[int(call.keys) - 1])
    if call.keys == LATER and call.turn < MOST_PAGES:
        return _offer(services, call.line, said, offered[-1].starts, turn=call.turn + 1)
    if call.keys in {LATER, AS_IT_WAS} or call.is_last_round:
        return _stays(services, call.line, said, "moment_stays")
    return _ask(services, call.line, said, offered, "", call.round + 1, call.turn)


def _book(services: Services, call: Asked, callback_id: int, said: Farewell, slot: Slot) -> Response:
    """Keep the choice, and only then say so. The same moment asked for again on this line is the same request."""
    event = f"{call.line.call_sid}|moment|{_minutes(slot)}"
    stands = booking.book(services, callback_id, slot, "caller", event)
    if stands is not None:
        words = _words(services, call.line.language, stands, said.opening.now)
        return render("on", call.line.language, services, sentences=["moment_booked"], path=webhook_paths.BYE, **words)
    if call.is_last_round:
        return _stays(services, call.line, said, "moment_gone")
    return _offer(services, call.line, said, None, "moment_gone", call.round + 1, call.turn)


def _offer(
    services: Services,
    line: Line,
    said: Farewell,
    after: datetime | None,
    before: str = "",
    round_: int = 1,
    turn: int = 0,
) -> Response:
    """Read out the moments after this instant; where there are none left, say so and begin anew."""
    if line.callback_id is None:
        return _stays(services, line, said, "moment_none")
    slots = booking.offers(services, line.callback_id, after, OFFERED)
    if not slots and after is not None:
        before = "moment_no_later"
        slots = booking.offers(services, line.callback_id, None, OFFERED)
    if not slots:
        return _stays(services, line, said, "moment_none")
    return _ask(services, line, said, slots, before, round_, turn)


def _ask(
    services: Services,
    line: Line,
    said: Farewell,
    slots: list[Slot],
    before: str,
    round_: int,
    turn: int,
) -> Response:
    lines: list[tuple[str, dict[str, str]]] = []
    day = ""
    for n, slot in enumerate(slots, 1):
        words = _words(services, line.language, slot, said.opening.now)
        lines.append(("moment_same_day" if words["day"] == day else "moment_on", {**words, "n": str(n)}))
        day = words["day"]
    query: dict[str, object] = {"round": round_, "slots": ".".join(_minutes(slot) for slot in slots)}
    if turn:
        query["turn"] = turn
    return render("moments", line.language, services, before=before, lines=lines, query=query)


def _stays(services: Services, line: Line, said: Farewell, why: str) -> Response:
    """Leave everything as it was, and say what that is."""
    return render(
        "on",
        line.language,
        services,
        sentences=[why, *promise_words.sentences(said)],
        path=webhook_paths.BYE,
        **promise_words.values(services, line.language, said),
    )


def _words(services: Services, language: Language, slot: Slot, now: datetime) -> dict[str, str]:
    day, start, end = spoken.within(language, slot.starts, slot.ends, now, services.rules.zone)
    return {"day": day, "start": start, "end": end}


def _minutes(slot: Slot) -> str:
    return str(int(slot.starts.timestamp()) // 60)


def _offered(services: Services) -> list[Slot]:
    """Return what was offered, out of the address; whether it is still free, or ever was on the grid, booking says."""
    starts = [int(each) for each in MINUTES.findall(request.args.get("slots", ""))[:OFFERED]]
    length = timedelta(minutes=services.rules.slot_minutes)
    return [Slot(at, at + length) for at in (datetime.fromtimestamp(60 * each, UTC) for each in starts)]
