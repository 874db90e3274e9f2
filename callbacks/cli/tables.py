"""Rows as people read them in a terminal, and as programs read them in JSON."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from callbacks.ports import HouseRules
from callbacks.rules.holidays import holiday
from callbacks.rules.queue_order import HeadStarts, explanation
from callbacks.store.accounts import Account
from callbacks.store.board import AgentRow, CallbackRow, TicketRow
from callbacks.workflows.announcing import Standing
from callbacks.workflows.changing_hours import DayOfHours
from callbacks.workflows.rostering import AbsenceRow, ShiftRow
from models.vocabulary import CallbackState, Language, OverrideKind

ORDER = (
    CallbackState.ACTIVE,
    CallbackState.PREPARING,
    CallbackState.WRAP_UP,
    CallbackState.WAITING,
    CallbackState.HELD,
    CallbackState.RESTING,
    CallbackState.NEEDS_HUMAN,
)


def callback_json(row: CallbackRow, zone: ZoneInfo) -> dict[str, object]:
    """Return a call-back with the keys and words of docs/protocol.md §10."""
    return {
        "ticket": row.ticket,
        "state": row.state,
        "option": int(row.option),
        "company": row.company,
        "contact": row.contact,
        "number": row.number,
        "rank": row.rank,
        "promise_from": _iso(row.promise_from, zone),
        "promise_to": _iso(row.promise_to, zone),
        "not_before": _iso(row.not_before, zone),
        "attempts": [
            {
                "started_at": _iso(attempt.started_at, zone),
                "agent": attempt.agent,
                "agent_outcome": attempt.agent_outcome,
                "customer_outcome": attempt.customer_outcome,
                "talk_seconds": attempt.talk_seconds,
            }
            for attempt in row.attempts
        ],
        "created_at": _iso(row.created_at, zone),
    }


def ticket_json(row: TicketRow, zone: ZoneInfo) -> dict[str, object]:
    """Return a ticket with the keys and words of docs/protocol.md §10."""
    return {
        "number": row.number,
        "state": row.state,
        "channel": row.channel,
        "option": int(row.option),
        "company": row.company,
        "contact": row.contact,
        "subject": row.subject,
        "opened_at": _iso(row.opened_at, zone),
        "closed_at": _iso(row.closed_at, zone),
        "minutes_worked": row.minutes_worked,
    }


def agent_json(row: AgentRow, zone: ZoneInfo) -> dict[str, object]:
    """Return a person of the desk."""
    return {
        "name": row.name,
        "role": row.role,
        "state": row.state,
        "since": _iso(row.since, zone),
        "until": _iso(row.until, zone),
        "phone": row.phone,
        "languages": list(row.languages),
        "wants_off_duty": row.wants_off_duty,
        "missed_in_a_row": row.missed_in_a_row,
    }


def callbacks(rows: Sequence[CallbackRow], rules: HouseRules) -> list[str]:
    """Return open call-backs: what is going on, then the queue in its order with the reason of each place."""
    starts = HeadStarts(rules.head_start_outage_managed, rules.head_start_outage, rules.head_start_managed)
    ordered = sorted(rows, key=lambda row: (ORDER.index(row.state), row.rank, row.id))
    return _columns(
        ("TICKET", "STATE", "KEY", "CUSTOMER", "NUMBER", "SINCE", "PROMISED", "TRIES", "WHY HERE"),
        [
            (
                str(row.ticket),
                row.state,
                str(int(row.option)),
                _customer(row.company, row.contact),
                _to_call(row),
                _short(row.created_at, rules.zone),
                _promised(row, rules.zone),
                str(len(row.attempts)),
                _place(row, starts, rules.zone),
            )
            for row in ordered
        ],
    )


def tickets(rows: Sequence[TicketRow], zone: ZoneInfo) -> list[str]:
    """Return the tickets."""
    return _columns(
        ("TICKET", "STATE", "KEY", "CUSTOMER", "SUBJECT", "OPENED", "CLOSED", "MINUTES"),
        [
            (
                str(row.number),
                row.state,
                str(int(row.option)),
                _customer(row.company, row.contact),
                row.subject,
                _short(row.opened_at, zone),
                _short(row.closed_at, zone),
                str(row.minutes_worked),
            )
            for row in rows
        ],
    )


def agents(rows: Sequence[AgentRow], zone: ZoneInfo) -> list[str]:
    """Return the people of the desk."""
    return _columns(
        ("NAME", "ROLE", "STATE", "SINCE", "PHONE", "LANGUAGES"),
        [
            (
                row.name,
                row.role,
                f"{row.state}, then off duty" if row.wants_off_duty else row.state,
                _short(row.since, zone),
                row.phone or "none",
                " ".join(row.languages),
            )
            for row in rows
        ],
    )


def accounts(rows: Sequence[Account]) -> list[str]:
    """Return who may sign in, and in how many browsers each is."""
    return _columns(
        ("NAME", "ROLE", "EMAIL", "SIGNED IN"),
        [(row.name, row.role, row.email, str(row.browsers)) for row in rows],
    )


def shifts(rows: Sequence[ShiftRow]) -> list[str]:
    """Return the shifts of all agents."""
    return _columns(
        ("ID", "NAME", "HOURS", "DAYS", "FROM"),
        [(str(row.id), row.agent, f"{row.starts_at}-{row.ends_at}", row.rule, str(row.first_day)) for row in rows],
    )


def announcements(rows: Sequence[Standing], zone: ZoneInfo) -> list[str]:
    """Return what every caller hears, by language."""
    return _columns(
        ("LANGUAGE", "UNTIL", "BY", "TEXT"),
        [(row.language, _short(row.until, zone) if row.until else "-", row.entered_by, row.text) for row in rows],
    )


def absences(rows: Sequence[AbsenceRow], zone: ZoneInfo) -> list[str]:
    """Return the absences that are not over."""
    return _columns(
        ("ID", "NAME", "FROM", "UNTIL", "WHY"),
        [(str(row.id), row.agent, _short(row.starts, zone), _short(row.ends, zone), row.why) for row in rows],
    )


def hours(days: Sequence[DayOfHours], zone: ZoneInfo) -> list[str]:
    """Return a line a day: its windows, and why they are not the usual ones."""
    lines = []
    for day in days:
        windows = (
            ", ".join(f"{_clock(w.opens, zone)}-{_clock(w.closes, zone, day.day)}" for w in day.windows) or "closed"
        )
        reasons: list[str] = [name] if (name := holiday(day.day)) else []
        for each in day.exceptions:
            kind = "closed" if each.kind is OverrideKind.CLOSURE else "extra opening"
            span = f"{_short(each.starts, zone)} to {_short(each.ends, zone)}"
            reasons.append(f"{kind} {span}{f': {each.note}' if each.note else ''} (number {each.id})")
        lines.append(f"{day.day:%a %Y-%m-%d}  {windows:<24}  {'; '.join(reasons)}".rstrip())
    return lines


def _promised(row: CallbackRow, zone: ZoneInfo) -> str:
    if row.promise_from is None or row.promise_to is None:
        return "nothing yet"
    return f"{_short(row.promise_from, zone)}-{_clock(row.promise_to, zone)}"


def _place(row: CallbackRow, starts: HeadStarts, zone: ZoneInfo) -> str:
    if row.state is CallbackState.WAITING:
        return explanation(row.standing, starts, Language.EN)
    if row.state is CallbackState.RESTING and row.not_before:
        return f"rests until {_short(row.not_before, zone)}: {row.why or ''}".rstrip(": ")
    return row.why or ""


def _customer(company: str | None, contact: str | None) -> str:
    return ", ".join(part for part in (company, contact) if part) or "unknown"


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    # What a customer wrote must not move the cursor of whoever reads it.
    table = [["".join(each if each.isprintable() else " " for each in cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(row[i]) for row in table) for i in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _iso(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat() if at else None


def _short(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else ""


def _clock(at: datetime, zone: ZoneInfo, day: date | None = None) -> str:
    local = at.astimezone(zone)
    return "24:00" if day and local.date() > day else f"{local:%H:%M}"


def _to_call(row: CallbackRow) -> str:
    if row.number is None:
        return "none"
    return f"{row.number}*{row.extension}" if row.extension else row.number
