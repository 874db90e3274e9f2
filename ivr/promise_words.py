"""When we call, as it is said: after a choice, after another moment was chosen, and whenever it is asked again."""

from callbacks.ports import Services
from callbacks.rules import spoken
from callbacks.workflows.opening import Opening
from callbacks.workflows.registering import Farewell
from models.vocabulary import Language


def sentences(said: Farewell) -> list[str]:
    """Return the keys of what says when we call."""
    if said.number is None:
        return ["no_number_yet"]
    if said.busy is not None:
        # A promise that is made later is not written to anybody who was told none.
        return [f"busy_{said.busy}", "busy_mail" if said.mail and said.promise is not None else "busy_call"]
    if said.promise is not None and said.promise.ends > said.opening.now:
        return [
            "calls_back_before" if spoken.has_begun(said.promise.starts, said.opening.now) else "calls_back_between"
        ]
    if said.opening.rings_now:
        return ["calls_back_now"]
    return ["calls_back_from" if said.opening.rings_from else "calls_back_later"]


def values(services: Services, language: Language, said: Farewell) -> dict[str, str]:
    """Return what fills that sentence: the promised range and the opening in words; empty where there is none."""
    day, start, end, before = "", "", "", ""
    if said.promise is not None:
        zone, now = services.rules.zone, said.opening.now
        day, start, end = spoken.within(language, said.promise.starts, said.promise.ends, now, zone)
        before = spoken.promised(language, said.promise.starts, said.promise.ends, now, zone)
    when = said_moment(services, language, said.opening)
    return {"day": day, "start": start, "end": end, "before": before, "when": when}


def said_moment(services: Services, language: Language, hours: Opening) -> str:
    """Return from when phones ring, as people say it; "" where nobody knows."""
    if hours.rings_from is None:
        return ""
    return spoken.moment(language, hours.rings_from, hours.now, services.rules.zone)
