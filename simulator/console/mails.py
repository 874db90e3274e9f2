"""The inbox: what the mail server took."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from simulator.console.wishes import ConsoleError, number

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.console.parts import Parts
    from simulator.mail import Mail

CLOSED = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A mail may hold anything: nothing in it runs, and nothing is fetched. Its links may open."""
HEAD = re.compile(r"<head(\s[^>]*)?>", re.IGNORECASE)
NEW_TAB = '<base target="_blank">'


class MailsConsole:
    """The routes below /console/mails."""

    def __init__(self, parts: Parts) -> None:
        self._exchange = parts.exchange
        self._mailbox = parts.mailbox

    def mails(self) -> ResponseReturnValue:
        """All mails, newest first; with `wait` and `until`, once that many came since the start."""
        until = number("until", 0)
        self._exchange.watch(lambda: self._mailbox.count() >= until, number("wait", 0.0))
        return jsonify({"mails": [mail.head for mail in self._mailbox.mails()]})

    def mail(self, n: int) -> ResponseReturnValue:
        """One mail."""
        return jsonify(self._found(n).whole)

    def html(self, n: int) -> ResponseReturnValue:
        """The HTML part alone, as a page that can do nothing but open its links in a new tab."""
        html = self._found(n).html
        if html is None:
            raise ConsoleError(404, f"mail {n} has no HTML part; its text is at /console/mails/{n}")
        page = HEAD.sub(lambda head: head[0] + NEW_TAB, html, count=1) if HEAD.search(html) else NEW_TAB + html
        page = page.encode("utf-8", "replace").decode()
        answer = Response(page, content_type="text/html; charset=utf-8")
        answer.headers["Content-Security-Policy"] = CLOSED
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def message(self, n: int) -> ResponseReturnValue:
        """The mail as it came, as a download."""
        answer = Response(self._found(n).raw, content_type="message/rfc822")
        answer.headers["Content-Disposition"] = f'attachment; filename="message-{n}.eml"'
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def _found(self, n: int) -> Mail:
        mail = self._mailbox.mail(n)
        if mail is None:
            raise ConsoleError(404, f"there is no mail {n}")
        return mail


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    console, routes = MailsConsole(parts), Blueprint("mails", __name__)
    routes.add_url_rule("/mails", "mails", console.mails)
    routes.add_url_rule("/mails/<int:n>", "mail", console.mail)
    routes.add_url_rule("/mails/<int:n>/html", "html", console.html)
    routes.add_url_rule("/mails/<int:n>/message.eml", "message", console.message)
    return routes
