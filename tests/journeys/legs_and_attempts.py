"""Whether the network's legs and our attempts tell the same story, however many requests and answers were lost.

Promised (docs/protocol.md §2 to §4): a request is sent once an attempt, and again only after an answer that proves
that nothing was placed; every leg becomes its attempt's own or is written down as an extra and ended; a customer's leg
comes from the one statement that may dial him. An extra is the only leg that may share a telephone with another, and
only an agent's: its attempt was given up and let the agent go, and nobody can stop what the network does late.
"""

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from callbacks.leg_words import STATUSES
from callbacks.store.legs import digest
from models.callback import Attempt, CallLeg
from models.history import History
from models.vocabulary import FINAL_LEGS, AttemptState, LegKind, Subject

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
TOO_MANY_REQUESTS = 429
CREATED = 201

Entry = dict[str, Any]


def check_legs(session: Session, entries: list[Entry], extra_legs: int = 0) -> None:
    """Raise AssertionError with what is wrong; `extra_legs` is how many the story accounts for."""
    extras = set(session.scalars(select(CallLeg.call_sid).where(CallLeg.kind == LegKind.EXTRA)))
    _one_call_a_telephone(entries, extras)
    _requests_belong_to_attempts(session, entries)
    _legs_belong_to_attempts(session, entries)
    if not went_wrong(entries):
        _nothing_was_asked_twice(entries, extras, extra_legs)
    _customers_were_dialled_once(session, entries)
    _ends_are_known(session, entries)


def went_wrong(entries: list[Entry]) -> bool:
    """Say whether anything went wrong on purpose."""
    return any(entry["kind"] == "fault" for entry in entries)


def new_legs(entries: list[Entry]) -> list[Entry]:
    """Return the first entry of every leg we had placed."""
    seen: dict[str, Entry] = {}
    for entry in entries:
        if entry["kind"] == "leg" and entry["direction"] != "inbound":
            seen.setdefault(str(entry["sid"]), entry)
    return list(seen.values())


def _one_call_a_telephone(entries: list[Entry], extras: set[str]) -> None:
    live: dict[str, str] = {}
    for entry in entries:
        if entry["kind"] != "leg":
            continue
        if entry["direction"] == "outbound-api" and entry["sid"] in extras:
            continue
        phone = entry["from"] if entry["direction"] == "inbound" else entry["to"]
        if entry["status"] in FINAL:
            live.pop(str(entry["sid"]), None)
            continue
        others = [sid for sid, number in live.items() if number == phone and sid != entry["sid"]]
        assert not others or not str(phone).startswith("+"), f"{phone} is on two calls at once: {entry['at']}"
        live[str(entry["sid"])] = str(phone)


def _requests_belong_to_attempts(session: Session, entries: list[Entry]) -> None:
    """Each request by the secret in its URL: a new secret is made for every one, and the attempt keeps the last."""
    digests = {attempt.token_digest: attempt.id for attempt in session.scalars(select(Attempt))}
    placed = Counter(digests.get(_digest(str(entry["url"]))) for entry in entries if entry["kind"] == "placed")
    assert placed[None] == 0, f"calls that no attempt asked for: {placed}"
    assert all(count == 1 for count in placed.values()), f"an attempt's phone was rung twice: {placed}"
    for request in _requests(entries):
        known = _digest(request["form"]["Url"][0]) in digests
        assert known or request["status"] == TOO_MANY_REQUESTS, f"sent again after {request['status']}: {request}"


def _legs_belong_to_attempts(session: Session, entries: list[Entry]) -> None:
    attempts = {attempt.token_digest: attempt for attempt in session.scalars(select(Attempt))}
    urls = {str(entry["sid"]): str(entry["url"]) for entry in entries if entry["kind"] == "placed"}
    for leg in new_legs(entries):
        if leg["direction"] != "outbound-api":
            continue
        attempt = attempts.get(_digest(urls.get(leg["sid"], "")))
        assert attempt is not None, f"nobody asked for the leg {leg['sid']} to {leg['to']}"
        if attempt.call_sid == leg["sid"]:
            continue
        known = session.get(CallLeg, leg["sid"])
        assert known is not None, f"nobody knows of the leg {leg['sid']} to {leg['to']}"
        assert known.kind is LegKind.EXTRA, f"{leg['sid']} is taken for the {known.kind} leg of another attempt"
        assert known.status in FINAL_LEGS, f"the extra leg {leg['sid']} is {known.status} to us"


def _nothing_was_asked_twice(entries: list[Entry], extras: set[str], extra_legs: int) -> None:
    answers = Counter(request["status"] for request in _requests(entries))
    legs = [leg for leg in new_legs(entries) if leg["direction"] == "outbound-api"]
    assert answers == Counter({CREATED: len(legs)}), f"{len(legs)} legs, requests answered {answers}"
    assert len(extras) == extra_legs, f"legs that no attempt wants: {extras}"


def _customers_were_dialled_once(session: Session, entries: list[Entry]) -> None:
    dialled = Counter(
        session.scalars(
            select(History.subject_id).where(
                History.subject == Subject.ATTEMPT,
                History.new_state == str(AttemptState.CUSTOMER_DIALLING),
                History.old_state == str(AttemptState.AGENT_ACCEPTED),
            ),
        ),
    )
    children = Counter(str(leg["parent_sid"]) for leg in new_legs(entries) if leg["direction"] == "outbound-dial")
    by_sid = {str(attempt.call_sid): attempt.id for attempt in session.scalars(select(Attempt))}
    for parent, count in children.items():
        assert count == 1, f"{count} customers' legs under {parent}"
        assert dialled[by_sid.get(parent, 0)] == 1, f"{parent} dialled a customer without the one statement that may"
    assert all(count == 1 for count in dialled.values()), f"dialled twice: {dialled}"


def _ends_are_known(session: Session, entries: list[Entry]) -> None:
    """What we know of a leg's end is true; and we know it, however often and in whatever order it was told."""
    ends = {str(entry["sid"]): str(entry["status"]) for entry in entries if entry["kind"] == "leg"}
    untold = {entry["sid"] for entry in entries if entry.get("purpose") == "status-callback" and entry["error"]}
    for leg in session.scalars(select(CallLeg).where(CallLeg.call_sid.in_(ends))):
        if leg.status in FINAL_LEGS or leg.call_sid not in untold:
            truth = STATUSES[ends[leg.call_sid]]
            assert leg.status is truth, f"the {leg.kind} leg {leg.call_sid} is {leg.status} to us, in truth {truth}"


def _requests(entries: list[Entry]) -> list[Entry]:
    return [
        entry
        for entry in entries
        if entry["kind"] == "rest" and entry["method"] == "POST" and str(entry["path"]).endswith("/Calls.json")
    ]


def _digest(url: str) -> str:
    return digest(urlsplit(url).path.rpartition("/")[2])
