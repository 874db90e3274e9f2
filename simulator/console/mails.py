"""The inbox: what the mail server took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

if TYPE_CHECKING:
    from simulator.console.parts import Parts


def blueprint(parts: Parts) -> Blueprint:
    """The routes."""
    del parts
    return Blueprint("mails", __name__)
