"""Forms: what was typed stays, a mistake stands beside its field, and who is done comes back to where he was."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RefusedInput, RuleRefused
from callbacks.rules.phone_numbers import NumberRefused
from web.words import Words

HOME = "home.page"
LONGEST_TEXT = 4000
REFUSED = 422
"""Unprocessable content (RFC 9110, 15.5.21): the form was understood, and what it asks for is not done."""


@dataclass
class Form:
    """The fields of a form as they were typed, and what is wrong with each; under "" what is wrong with all of it."""

    values: Mapping[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """Return what stands in a field."""
        return self.values.get(name, "")[:LONGEST_TEXT]

    def problem(self, name: str = "") -> str:
        """Return what is wrong with a field, or with the whole form; empty where nothing is."""
        return self.problems.get(name, "")

    def refuse(self, error: RefusedInput, words: Words, name: str = "") -> None:
        """Write down why the form is not taken, beside the field at fault."""
        where = error.field if isinstance(error, RuleRefused) and error.field else name
        self.problems[where] = sentence(error, words)


def typed() -> Form:
    """Return the form that was sent with this request."""
    return Form({name: value.strip() for name, value in request.form.items()})


def sentence(error: RefusedInput, words: Words) -> str:
    """Return a refusal in the reader's language, where its rule has a name; in English where it has none."""
    if isinstance(error, RuleRefused):
        return words.say(f"refused_{error.rule}", **error.values)
    if isinstance(error, NumberRefused):
        return words.say(f"refused_number_{error.reason}")
    return str(error)


def done(message: str, to: str | None = None) -> AnyResponse:
    """Say what was done on the page he comes back to: `to`, or the one the form was on."""
    flash(message, "good")
    return redirect(to or back(), code=303)


def not_done(error: RefusedInput, words: Words) -> AnyResponse:
    """Say why it was not done on the page he comes back to: for a button without fields of its own."""
    flash(sentence(error, words), "bad")
    return redirect(back(), code=303)


def shown_again(template: str, at: str, **values: Any) -> tuple[str, int]:  # noqa: ANN401 - what the template wants
    """Show the page with the form as it was typed, and what is wrong beside its fields.

    `at` is the page's own address, to which its other buttons come back: the form's may be no page at all.
    """
    return render_template(template, page_address=at, **values), REFUSED


def back() -> str:
    """Return the page the form was on, home where it names none of ours: no form leads to another site."""
    wanted = request.form.get("back", "")
    return wanted if _is_a_page(wanted) else url_for(HOME)


def _is_a_page(path: str) -> bool:
    if not path.startswith("/") or path.startswith("//") or any(each in path for each in "\\\r\n\t"):
        return False
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(urlsplit(path).path, method="GET")
    except (HTTPException, ValueError):
        return False
    return bool(endpoint != "static")
