"""Twilio's REST API as far as the Calls resource and the recordings go."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from simulator import rest_forms
from simulator.call_resource import page_of, resource
from simulator.errors import RestError, not_found
from simulator.legs import RINGABLE, Leg, Source, Subscription
from simulator.recordings import wav

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.exchange import Exchange
    from simulator.lines import Lines
    from simulator.recordings import Recordings

ACCOUNT = "/2010-04-01/Accounts/<account>"


def rest_blueprint(exchange: Exchange, lines: Lines, recordings: Recordings) -> Blueprint:
    """The routes below /2010-04-01; every request and answer is journalled, credentials are not."""
    api = Blueprint("rest", __name__)
    settings = exchange.settings

    @api.before_request
    def authenticate() -> None:
        # Recordings are open to whoever knows the address unless the account protects them (security page), and
        # that option is off by default.
        if request.method == "GET" and request.endpoint == "rest.fetch_sound":
            return
        login = request.authorization
        pairs = [(settings.account_sid, settings.auth_token), *([settings.api_key] if settings.api_key else [])]
        given = f"{login.username}:{login.password}" if login is not None else ""
        if not any(hmac.compare_digest(given.encode(), f"{name}:{secret}".encode()) for name, secret in pairs):
            raise RestError(20003, "Authenticate", 401)
        if (request.view_args or {}).get("account", settings.account_sid) != settings.account_sid:
            raise not_found(request.path)

    @api.after_request
    def journal(response: Response) -> Response:
        exchange.journal.add(
            "rest",
            method=request.method,
            path=request.path,
            query=request.args.to_dict(flat=False),
            form=request.form.to_dict(flat=False),
            status=response.status_code,
            answer=response.get_json(silent=True) if response.is_json else None,
        )
        return response

    @api.errorhandler(RestError)
    def refused(error: RestError) -> ResponseReturnValue:
        return jsonify(error.body()), error.status

    @api.post(f"{ACCOUNT}/Calls.json")
    def create(account: str) -> ResponseReturnValue:
        form = request.form.to_dict(flat=False)
        values = rest_forms.check_create(form, settings)
        fallback = values.get("FallbackUrl")
        callback = values.get("StatusCallback")
        events = frozenset(filter(None, form.get("StatusCallbackEvent", []))) or frozenset({"completed"})
        with exchange.changed:
            leg = exchange.new_leg(
                values["From"],
                values["To"],
                "outbound-api",
                _source(values),
                fallback=Source(fallback, values.get("FallbackMethod", "POST")) if fallback else None,
                subscription=Subscription(callback, values.get("StatusCallbackMethod", "POST"), events)
                if callback
                else None,
            )
            leg.ring_seconds = float(values.get("Timeout", "60"))
            leg.time_limit = float(values.get("TimeLimit", "14400"))
            # The answer shows the call as it is created, whatever its thread does next.
            answer = resource(leg, account)
        for name in sorted({"MachineDetection", "Record", "SendDigits"} & values.keys()):
            exchange.journal.add("warning", sid=leg.sid, code=0, text=f"{name} is not imitated here")
        lines.calls_out(leg)
        return jsonify(answer), 201

    @api.get(f"{ACCOUNT}/Calls.json")
    def list_calls(account: str) -> ResponseReturnValue:
        values = rest_forms.check_query(request.args.to_dict(flat=False))
        with exchange.changed:
            return jsonify(page_of(list(exchange.legs.values()), values, account))

    @api.get(f"{ACCOUNT}/Calls/<sid>.json")
    def fetch(account: str, sid: str) -> ResponseReturnValue:
        with exchange.changed:
            return jsonify(resource(leg_of(sid), account))

    @api.post(f"{ACCOUNT}/Calls/<sid>.json")
    def update(account: str, sid: str) -> ResponseReturnValue:
        leg = leg_of(sid)
        values = rest_forms.check_update(request.form.to_dict(flat=False))
        with exchange.changed:
            _update(exchange, leg, values)
            return jsonify(resource(leg, account))

    @api.delete(f"{ACCOUNT}/Calls/<sid>.json")
    def delete(account: str, sid: str) -> ResponseReturnValue:
        del account
        with exchange.changed:
            if leg_of(sid).live:
                raise RestError(20009, "Cannot delete a call that is not completed.", 409)
            del exchange.legs[sid]
        return "", 204

    @api.get(f"{ACCOUNT}/Recordings/<sid>")
    @api.get(f"{ACCOUNT}/Recordings/<sid>.wav")
    def fetch_sound(account: str, sid: str) -> ResponseReturnValue:
        recording = recordings.find(sid)
        if recording is None or account != settings.account_sid:
            raise not_found(request.path)
        return Response(wav(recording), mimetype="audio/x-wav")

    @api.delete(f"{ACCOUNT}/Recordings/<sid>.json")
    def delete_recording(account: str, sid: str) -> ResponseReturnValue:
        del account
        if not recordings.delete(sid):
            raise not_found(request.path)
        return "", 204

    @api.route("/2010-04-01", defaults={"rest": ""}, methods=["GET", "POST", "DELETE"])
    @api.route("/2010-04-01/<path:rest>", methods=["GET", "POST", "DELETE"])
    def elsewhere(rest: str) -> ResponseReturnValue:
        del rest
        raise not_found(request.path)

    def leg_of(sid: str) -> Leg:
        leg = exchange.legs.get(sid)
        if leg is None:
            raise not_found(request.path)
        return leg

    return api


def _source(values: dict[str, Any]) -> Source:
    """Where the document is: Twiml is ignored when Url is given (Call resource page)."""
    if values.get("Url"):
        return Source(values["Url"], values.get("Method", "POST"))
    return Source(None, inline=values["Twiml"])


def _update(exchange: Exchange, leg: Leg, values: dict[str, str]) -> None:
    """Call resource page, "Update a Call resource"; error 21220 when the call is in no state for it."""
    if not leg.live:
        raise RestError(21220, "Call is not in-progress. Cannot redirect.")
    redirects = bool(values.get("Url") or values.get("Twiml"))
    if redirects and leg.answered is None:
        raise RestError(21220, "Call is not in-progress. Cannot redirect.")
    if values.get("FallbackUrl"):
        leg.fallback = Source(values["FallbackUrl"], values.get("FallbackMethod", "POST"))
    if values.get("StatusCallback"):
        leg.subscription = Subscription(values["StatusCallback"], values.get("StatusCallbackMethod", "POST"))
    if values.get("TimeLimit"):
        leg.time_limit = float(values["TimeLimit"])
        leg.expires = exchange.clock.deadline(leg.time_limit) if leg.answered is not None else None
    status = values.get("Status")
    # `canceled` stops calls that are queued or ringing and leaves calls in progress alone; `completed` ends any.
    if status == "completed" or (status == "canceled" and leg.status in RINGABLE):
        exchange.hang_up(leg)
    elif redirects:
        leg.redirect = _source(values)
    exchange.changed_now()
