"""What the agent hears on his phone: who and why, the customer's side, and the question how it ended."""

from flask import Response, request

from callbacks import webhook_paths
from callbacks.ports import Services
from callbacks.rules.keyed_numbers import tones
from callbacks.rules.spoken import digits
from callbacks.workflows import bridging, reclassifying, telling, wrapping_up
from callbacks.workflows.briefing import Briefing
from callbacks.workflows.ringing_customer import DialOrder, Refusal
from ivr import customer_leg
from ivr.parameters import count, dial_result
from ivr.twiml import render
from models.vocabulary import CustomerOutcome, Language, Option, TalkOutcome

ROUNDS = 3
ACCEPT, DECLINE, REPEAT = "1", "2", "3"
MESSAGE = "4"
RECLASSIFY = "5"
OUTCOMES = {
    "1": TalkOutcome.SOLVED,
    "2": TalkOutcome.CALL_AGAIN,
    "3": TalkOutcome.VISIT,
    "4": TalkOutcome.WRONG_PERSON,
}


def answered(services: Services, token: str) -> Response:
    """Whisper to the agent who waits and why; his key decides.

    This is the fallback address of his call, too, and the customer's leg may have inherited it: where the answer to its
    own whisper was lost, the provider asks here for the leg that says whose child it is.
    """
    if request.form.get("ParentCallSid"):
        return customer_leg.answered(services, token)
    briefing = bridging.answered(services, token, request.form["CallSid"])
    return _refused(services, briefing) if isinstance(briefing, Refusal) else _whisper(services, token, briefing, 1)


def key(services: Services, token: str) -> Response:
    """Accept, decline, repeat, or hear the customer's message; no key, or a foreign one at last, is no acceptance."""
    call_sid = request.form["CallSid"]
    pressed = request.form.get("Digits", "")
    if pressed == ACCEPT:
        return _connect(services, token, call_sid)
    if pressed == DECLINE:
        bridging.declined(services, token, call_sid)
        return render("agent_bye", Language.NL, services, key="agent_declined")
    turn = count("round") + 1
    briefing = bridging.answered(services, token, call_sid)
    if isinstance(briefing, Refusal):
        return _refused(services, briefing)
    if not pressed or turn > ROUNDS:
        return render("agent_bye", briefing.language, services, key="agent_no_key")
    if pressed == MESSAGE and briefing.messages:
        return _play(services, token, briefing, turn)
    return _whisper(services, token, briefing, turn)


def after(services: Services, token: str) -> Response:
    """Ask for the outcome after a talk; say what happened to the customer's side otherwise."""
    done = telling.dial_ended(services, token, request.form["CallSid"], dial_result())
    if done is None:
        return _refused(services, Refusal.GONE)
    if done.customer is CustomerOutcome.BRIDGED:
        return _ask_outcome(services, token, done.language, 1, "agent_outcome")
    became = done.customer or CustomerOutcome.NO_ANSWER
    return render("agent_bye", done.language, services, key=f"agent_customer_{became}")


def outcome(services: Services, token: str) -> Response:
    """Take the agent's key after the talk."""
    call_sid = request.form["CallSid"]
    pressed = request.form.get("Digits", "")
    turn = count("round") + 1
    if pressed == RECLASSIFY:
        event = f"{call_sid}|outcome|{turn}|{pressed}"
        changed = reclassifying.reclassify_by_key(services, token, call_sid, event)
        if changed is None:
            return _refused(services, Refusal.GONE)
        language, option = changed
        sentence = "agent_now_outage" if option is Option.OUTAGE else "agent_now_question"
        return _ask_outcome(services, token, language, turn, sentence)
    if pressed in OUTCOMES:
        stands = wrapping_up.outcome_by_key(services, token, call_sid, OUTCOMES[pressed])
        if stands is None:
            return _refused(services, Refusal.GONE)
        # What he hears is what stands, also where the desk page was quicker.
        said = "later" if stands.outcome in {None, TalkOutcome.UNSTATED} else stands.outcome
        return render("agent_bye", stands.language, services, key=f"agent_outcome_{said}")
    language = telling.agents_language(services, token)
    if not pressed or turn > ROUNDS:
        return render("agent_bye", language, services, key="agent_outcome_later")
    return _ask_outcome(services, token, language, turn, "agent_outcome")


def _connect(services: Services, token: str, call_sid: str) -> Response:
    def write_document(order: DialOrder) -> str:
        return render(
            "dial_customer",
            Language.NL,
            services,
            number=order.number,
            tones=tones(order.extension) if order.extension else "",
            caller_id=services.rules.caller_id,
            ring_seconds=order.ring_seconds,
            limit_seconds=order.limit_seconds,
            after=webhook_paths.after_talk(token),
            whisper=webhook_paths.customer(token),
            status=webhook_paths.customer_status(token),
        ).get_data(as_text=True)

    result = bridging.accepted(services, token, call_sid, write_document)
    if isinstance(result, Refusal):
        return _refused(services, result, telling.agents_language(services, token))
    return Response(result, content_type="text/xml; charset=utf-8")


def _whisper(services: Services, token: str, briefing: Briefing, turn: int) -> Response:
    return render(
        "whisper_agent",
        briefing.language,
        services,
        action=webhook_paths.agent_key(token),
        turn=turn,
        number=digits(briefing.language, str(briefing.ticket)),
        company=briefing.company or "",
        contact=briefing.contact or "",
        agreement=briefing.agreement,
        option=briefing.option,
        customer_language=briefing.customer_language,
        speaks_it=briefing.speaks_it,
        message=bool(briefing.messages),
    )


def _play(services: Services, token: str, briefing: Briefing, turn: int) -> Response:
    return render(
        "whisper_message",
        briefing.language,
        services,
        action=webhook_paths.agent_key(token),
        turn=turn,
        sounds=[webhook_paths.agent_message(token, each) for each in briefing.messages],
    )


def _ask_outcome(services: Services, token: str, language: Language, turn: int, sentence: str) -> Response:
    return render(
        "outcome",
        language,
        services,
        action=webhook_paths.outcome_key(token),
        turn=turn,
        sentence=sentence,
    )


def _refused(services: Services, refusal: Refusal, language: Language = Language.NL) -> Response:
    return render("agent_bye", language, services, key=f"agent_{refusal}")
