"""All telephone webhooks, behind one door and over one safety net."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, Response

from callbacks import webhook_paths
from callbacks.ports import Services
from ivr import again, agent_leg, bye, customer_leg, desk, farewell, menu, message, moments, number, status
from ivr.apology import speak_faults
from ivr.signature import EVERY_METHOD, guard

Handler = Callable[..., Response]

CALLER: tuple[tuple[str, Handler], ...] = (
    (webhook_paths.INCOMING, desk.incoming),
    (webhook_paths.MENU, menu.key),
    (webhook_paths.NUMBER, number.confirm),
    (webhook_paths.NUMBER_TYPED, number.typed),
    (webhook_paths.NUMBER_READ_BACK, number.read_back),
    (webhook_paths.AGAIN, again.key),
    (webhook_paths.AGAIN_SAME, again.same),
    (webhook_paths.AGAIN_CANCEL, again.cancel),
    (webhook_paths.DESK, desk.pin),
    (webhook_paths.DESK_MENU, desk.key),
    (webhook_paths.DESK_OUTCOME, desk.outcome),
    (webhook_paths.DESK_DOSSIER, desk.told),
    (webhook_paths.FAREWELL, farewell.key),
    (webhook_paths.MOMENT, moments.key),
    (webhook_paths.MESSAGE, message.tone),
    (webhook_paths.MESSAGE_LEFT, message.left),
    (webhook_paths.MESSAGE_STATUS, message.status),
    (webhook_paths.BYE, bye.bye),
    (webhook_paths.INBOUND_STATUS, bye.status),
)

BRIDGE: tuple[tuple[str, Handler], ...] = (
    (webhook_paths.agent("<token>"), agent_leg.answered),
    (webhook_paths.agent_key("<token>"), agent_leg.key),
    (webhook_paths.after_talk("<token>"), agent_leg.after),
    (webhook_paths.outcome_key("<token>"), agent_leg.outcome),
    (webhook_paths.customer("<token>"), customer_leg.answered),
    (webhook_paths.customer_key("<token>"), customer_leg.key),
    (webhook_paths.agent_status("<token>"), status.agent),
    (webhook_paths.customer_status("<token>"), status.customer),
)

HANDLERS = CALLER + BRIDGE


def voice(services: Services) -> Blueprint:
    """Return the blueprint of all telephone webhooks. The door comes first: whoever it refuses reaches no handler."""
    blueprint = Blueprint("voice", __name__)
    guard(blueprint, services)
    speak_faults(blueprint, services)
    for path, handler in HANDLERS:
        name = f"{handler.__module__.removeprefix('ivr.')}_{handler.__name__}".replace(".", "_")
        blueprint.add_url_rule(path, name, partial(handler, services), methods=EVERY_METHOD)
    return blueprint
