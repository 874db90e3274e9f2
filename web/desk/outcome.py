"""How a talk ended, said in the live middle of the desk, on the page of its ticket, or in the list of one's own day."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response as AnyResponse

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import talks
from callbacks.workflows import noting, stating
from callbacks.workflows.stating import Word
from models.vocabulary import Role, TalkOutcome
from web import live
from web.access import only_for, person
from web.desk import ticket
from web.forms import Form, done, not_done, typed
from web.words import Words


def create_blueprint(services: Services) -> Blueprint:
    """Return the buttons that say how a talk ended."""
    pages = Blueprint("desk_outcome", __name__)

    @pages.post("/desk/talks/<int:attempt_id>/outcome")
    @only_for(Role.AGENT)
    def state(attempt_id: int) -> AnyResponse | tuple[str, int]:
        words, form = live.of(services), typed()
        wanted = form.value("outcome")
        if wanted not in stating.STATED:
            abort(400)
        with services.database.read() as session:
            talk = talks.one(session, attempt_id)
        if talk is None:
            abort(404)
        outcome = TalkOutcome(wanted)
        said = Word(outcome, form.value("again_at") or form.value("again_slot"), bool(form.value("by_me")))
        try:
            # The field of the note is sent with every button beside it: what he typed is kept first.
            if form.value("note"):
                noting.write(services, talk.ticket, form.values["note"], person())
            stating.state(services, attempt_id, said, person())
        except RuleRefused as error:
            return _refused(services, talk.ticket, error, form, words)
        return done(words.say("talk_noted", ticket=talk.ticket, outcome=words.say(f"outcome_{outcome}")))

    return pages


def _refused(
    services: Services, number: int, error: RuleRefused, form: Form, words: Words
) -> AnyResponse | tuple[str, int]:
    if error.rule is Rule.OUTCOME_STANDS:
        error.values["outcome"] = words.say(f"outcome_{error.values['outcome']}")
    if not error.field:
        return not_done(error, words)
    form.refuse(error, words)
    sent = {"note": form} if error.field == "note" else {"outcome": form}
    return ticket.refused(services, number, **sent)
