"""The Call resource and the pages it is listed on (Call resource page)."""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from simulator.legs import Leg

SUBRESOURCES = (
    "events",
    "notifications",
    "payments",
    "recordings",
    "siprec",
    "streams",
    "transcriptions",
    "user_defined_message_subscriptions",
    "user_defined_messages",
)
DEFAULT_PAGE_SIZE = 50


def resource(leg: Leg, account: str) -> dict[str, Any]:
    """One call as JSON. `initiated` is a word of webhooks only; the resource goes from `queued` to `ringing`."""
    path = f"/2010-04-01/Accounts/{account}/Calls/{leg.sid}"
    status = _status(leg)
    return {
        "sid": leg.sid,
        "account_sid": account,
        "parent_call_sid": leg.parent_sid,
        "phone_number_sid": None,
        "to": leg.to,
        "to_formatted": leg.to,
        "from": leg.from_,
        "from_formatted": leg.from_,
        "status": status,
        "direction": leg.direction,
        "api_version": "2010-04-01",
        "date_created": _date(leg.created),
        "date_updated": _date(leg.updated),
        "start_time": _date(leg.dialled),
        "end_time": _date(leg.ended),
        "duration": str(leg.duration(leg.ended)) if status == "completed" and leg.ended else None,
        "queue_time": str(int(((leg.dialled or leg.created) - leg.created).total_seconds() * 1000)),
        "answered_by": None,
        "caller_name": None,
        "forwarded_from": None,
        "group_sid": None,
        "price": None,
        "price_unit": "USD",
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {name: f"{path}/{_camel(name)}.json" for name in SUBRESOURCES},
    }


def page_of(legs: list[Leg], values: Mapping[str, str], account: str) -> dict[str, Any]:
    """One page of the calls that pass the filters, newest first.

    PageToken holds the last SID of the page before, so that calls which arrive between two pages shift nothing.
    """
    found = sorted((leg for leg in legs if _passes(leg, values)), key=lambda leg: -leg.number)
    size, page = int(values.get("PageSize", DEFAULT_PAGE_SIZE)), int(values.get("Page", "0"))
    anchor = values.get("PageToken", "").removeprefix("PA")
    after = [n for n, leg in enumerate(found) if leg.sid == anchor]
    start = after[0] + 1 if after else page * size
    shown = found[start : start + size]
    base = f"/2010-04-01/Accounts/{account}/Calls.json"
    filters = {name: value for name, value in values.items() if name not in {"PageSize", "Page", "PageToken"}}

    def uri(number: int, **token: str) -> str:
        return f"{base}?{urlencode({**filters, 'PageSize': size, 'Page': number, **token})}"

    more = len(found) > start + size
    return {
        "calls": [resource(leg, account) for leg in shown],
        "page": page,
        "page_size": size,
        "start": start,
        "end": start + max(0, len(shown) - 1),
        "uri": uri(page),
        "first_page_uri": uri(0),
        "previous_page_uri": uri(page - 1) if page > 0 else None,
        "next_page_uri": uri(page + 1, PageToken=f"PA{shown[-1].sid}") if more else None,
    }


def _passes(leg: Leg, values: Mapping[str, str]) -> bool:
    exact = {"To": leg.to, "From": leg.from_, "ParentCallSid": leg.parent_sid, "Status": _status(leg)}
    if any(values[name] != given for name, given in exact.items() if name in values):
        return False
    times = (("StartTime", leg.dialled), ("EndTime", leg.ended))
    return all(_in_time(name, instant, values) for name, instant in times)


def _in_time(name: str, instant: datetime | None, values: Mapping[str, str]) -> bool:
    """Compare dates only: the page documents YYYY-MM-DD in UTC and promises nothing finer; both ends count.

    A call that was not dialled yet has no start time and passes no filter on it.
    """
    asked = {sign: values[name + sign][:10] for sign in ("", "<", ">") if name + sign in values}
    if not asked:
        return True
    if instant is None:
        return False
    day = instant.date().isoformat()
    return (
        asked.get("", day) == day
        and ("<" not in asked or day <= asked["<"])
        and (">" not in asked or day >= asked[">"])
    )


def _status(leg: Leg) -> str:
    return "queued" if leg.status == "initiated" else leg.status


def _date(instant: datetime | None) -> str | None:
    return format_datetime(instant) if instant is not None else None


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
