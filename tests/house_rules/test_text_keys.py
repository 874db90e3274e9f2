"""No page asks for a text that is not there, and no text is there that no page asks for.

What is said is held to that in tests/ivr/test_templates.py, what is mailed in tests/workflows/test_letters.py: there
every branch can be run. Pages have too many, so their source is read.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from callbacks.errors import Rule
from callbacks.rules.day_grid import Shade
from callbacks.rules.holidays import Holiday
from callbacks.rules.phone_numbers import Refusal
from callbacks.store.day_sheet import Kind
from callbacks.store.switches import Hand
from callbacks.texts import CATALOGS
from callbacks.workflows.duty import Duty
from models.vocabulary import (
    AgentOutcome,
    AgentState,
    Agreement,
    AlarmKind,
    AttemptState,
    CallbackState,
    Channel,
    CustomerOutcome,
    Language,
    LegKind,
    LegStatus,
    MailKind,
    MailState,
    Option,
    OverrideKind,
    PromiseResult,
    Role,
    TalkOutcome,
    TicketState,
    WorkKind,
)
from tests.remembering_texts import keys_of
from web.desk.stages import Stage
from web.error_pages import EXPLAINED
from web.schedule.hands import ENDINGS
from web.schedule.ticket_view import HANDS
from web.theme import THEMES

WEB = Path(__file__).parents[2] / "web"
UNTOLD = {
    CallbackState.WAITING,
    CallbackState.PREPARING,
    CallbackState.ACTIVE,
    CallbackState.WRAP_UP,
    CallbackState.DONE,
}
"""States of a call-back that the page shows by its place on it, or by its attempt."""

CATALOGS_OF_PAGES = sorted(path.stem for path in (CATALOGS / Language.NL).glob("web*.po"))

MADE_UP: dict[str, Iterable[object]] = {
    "agent_*": AgentState,
    "agent_outcome_*": [outcome for outcome in AgentOutcome if outcome is not AgentOutcome.ACCEPTED],
    "agreement_*": Agreement,
    "alarm_*": AlarmKind,
    "announce_in_*": Language,
    "attempt_*": AttemptState,
    "calendar_entered_*": OverrideKind,
    "calendar_kind_*": OverrideKind,
    "calendar_note_*": OverrideKind,
    "callback_*": [state for state in CallbackState if state not in UNTOLD],
    "customer_*": CustomerOutcome,
    "day_kind_*": Kind,
    "day_shade_*": Shade,
    "desk_break_*": ["lunch", "coffee", "meeting"],
    "desk_clock_*": ["down", "up"],
    "desk_duty_*": [each.name.lower() for each in Duty],
    "desk_ending_*": [outcome for outcome in AgentOutcome if outcome is not AgentOutcome.ACCEPTED],
    "desk_hint_*": Stage,
    "desk_state_*": Stage,
    "desk_ticket_*": TicketState,
    "error_text_*": EXPLAINED,
    "error_title_*": EXPLAINED,
    "exception_*": OverrideKind,
    "holiday_*": [each.name.lower() for each in Holiday],
    "hand_*": HANDS,
    "hand_resolved_*": ENDINGS,
    "language_*": Language,
    "month_*": range(1, 13),
    "no_access_*": Role,
    "needs_*": ["doubt", "decision", "expired", "unreached", "mail"],
    "option_*": [option.value for option in Option],
    "outcome_*": TalkOutcome,
    "refused_*": Rule,
    "refused_number_*": Refusal,
    "role_*": Role,
    "theme_*": THEMES,
    "trail_callback_*": CallbackState,
    "trail_channel_*": Channel,
    "trail_leg_*": LegKind,
    "trail_leg_status_*": LegStatus,
    "trail_mail_*": MailKind,
    "trail_mail_state_*": MailState,
    "trail_promise_*": PromiseResult,
    "trail_ticket_*": TicketState,
    "trail_work_*": WorkKind,
    "switch_*": Hand,
    "switch_about_*": Hand,
    "switched_off_*": Hand,
    "switched_on_*": Hand,
    "turn_off_*": Hand,
    "turn_on_*": Hand,
    "wall_alarm_*": AlarmKind,
    "weekday_*": range(7),
    "weekday_short_*": range(7),
    "week_exception_*": OverrideKind,
    "work_*": WorkKind,
}
"""Keys that are put together while a page is made, and what they are put together with."""


def in_python(source: str) -> Iterator[str]:
    """Yield the texts of a module; `*` stands for what is filled in."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def in_template(source: str) -> Iterator[str]:
    """Yield the texts inside the expressions of a template; `*` stands for what is appended."""
    tree = Environment(autoescape=True).parse(source)
    for joined in tree.find_all(nodes.Concat):
        yield "".join(part.value if isinstance(part, nodes.Const) else "*" for part in joined.nodes)
    yield from (const.value for const in tree.find_all(nodes.Const) if isinstance(const.value, str))


def asked_outright(source: str) -> Iterator[str]:
    """Yield the keys that a template gives to `say` as they are."""
    for call in Environment(autoescape=True).parse(source).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say" and isinstance(call.args[0], nodes.Const):
            yield call.args[0].value


def said_outright(source: str) -> Iterator[str]:
    """Yield the keys that a module gives to `say` as they are."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "say":
            yield from (str(key.value) for key in node.args if isinstance(key, ast.Constant))


PYTHON = [path.read_text(encoding="utf-8") for path in sorted(WEB.rglob("*.py"))]
TEMPLATES = [path.read_text(encoding="utf-8") for path in sorted((WEB / "templates").rglob("*.html"))]
KEYS = {key.removeprefix("web_") for key in keys_of(*CATALOGS_OF_PAGES)}
WRITTEN = {text for source in PYTHON for text in in_python(source)} | {
    text for source in TEMPLATES for text in in_template(source)
}
FILLED = {pattern.replace("*", str(value)) for pattern, values in MADE_UP.items() for value in values}


def test_every_text_that_a_page_asks_for_is_there() -> None:
    asked = {key for source in TEMPLATES for key in asked_outright(source)}
    asked |= {key for source in PYTHON for key in said_outright(source)}
    assert len(asked) > 50
    assert asked | FILLED <= KEYS


def test_every_text_that_is_there_is_asked_for_by_a_page() -> None:
    assert KEYS <= FILLED | WRITTEN


def test_keys_that_are_put_together_are_those_of_the_table() -> None:
    beginnings = {text for text in WRITTEN if text.endswith("_*") and text.count("*") == 1 and " " not in text}
    # The beginning that all keys of the pages have in common is put before them by `say` itself.
    assert beginnings == {*MADE_UP, "web_*"}
