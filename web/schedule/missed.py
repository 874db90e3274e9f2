"""The button of a missed call that needs no call-back."""

from flask import Blueprint
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import RuleRefused
from callbacks.ports import Services
from callbacks.workflows import handling_missed
from models.vocabulary import Role
from web import forms
from web import live as polled
from web.access import only_for, person


def create_blueprint(services: Services) -> Blueprint:
    """Return what the list of missed calls can do."""
    pages = Blueprint("missed", __name__)

    @pages.post("/schedule/missed/<call_sid>/dealt-with")
    @only_for(Role.SUPERVISOR)
    def deal_with(call_sid: str) -> AnyResponse:
        words = polled.of(services)
        try:
            handling_missed.deal_with(services, call_sid, person().name)
        except RuleRefused as refused:
            return forms.not_done(refused, words)
        return forms.done(words.say("missed_done"))

    return pages
