"""Twilio's REST API as far as the Calls resource and the recordings go."""

from __future__ import annotations

import hmac
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, request

from simulator import rest_forms
from simulator.call_resource import page_of, resource
from simulator.errors import RestError, not_found
from simulator.legs import RINGABLE, Leg, Source, Subscription
from simulator.recordings import wav
from simulator.rest_faults import Silence, disturbed, visible

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from simulator.exchange import Exchange
    from simulator.lines import Lines
    from simulator.recordings import Recordings

ACCOUNT = "/2010-04-01/Accounts/<account>"


class RestApi:
    """The requests below /2010-04-01; every one and its answer is journalled, credentials are not.

    The journal shows what was on the wire: no status where no answer went out. `placed` tells of each call made.
    """

    def __init__(self, exchange: Exchange, lines: Lines, recordings: Recordings) -> None:
        self._exchange = exchange
        self._settings = exchange.settings
        self._lines = lines
        self._recordings = recordings

    def blueprint(self) -> Blueprint:
        """The routes."""
        api = Blueprint("rest", __name__)
        api.before_request(self._authenticate)
        api.after_request(self._journal)
        api.register_error_handler(RestError, _refused)
        for method, path, handler in (
            ("POST", f"{ACCOUNT}/Calls.json", disturbed(self._exchange, "create", self.create)),
            ("GET", f"{ACCOUNT}/Calls.json", disturbed(self._exchange, "list", self.list_calls)),
            ("GET", f"{ACCOUNT}/Calls/<sid>.json", disturbed(self._exchange, "fetch", self.fetch)),
            ("POST", f"{ACCOUNT}/Calls/<sid>.json", disturbed(self._exchange, "update", self.update)),
            ("DELETE", f"{ACCOUNT}/Calls/<sid>.json", self.delete),
            ("GET", f"{ACCOUNT}/Recordings/<sid>", self.fetch_sound),
            ("GET", f"{ACCOUNT}/Recordings/<sid>.wav", self.fetch_sound),
            ("GET", f"{ACCOUNT}/Recordings/<sid>.json", self.fetch_recording),
            ("DELETE", f"{ACCOUNT}/Recordings/<sid>.json", self.delete_recording),
        ):
            api.add_url_rule(path, f"{method} {path}".replace(".", "_"), handler, methods=[method])
        for path in ("/2010-04-01", "/2010-04-01/<path:_>"):
            api.add_url_rule(path, "elsewhere", _elsewhere, methods=["GET", "POST", "DELETE"])
        return api

    def _authenticate(self) -> None:
        # The sound of a recording is open to whoever knows the address unless the account protects it (security page),
        # and that option is off by default.
        if request.method == "GET" and "/Recordings/" in request.path and not request.path.endswith(".json"):
            return
        login, settings = request.authorization, self._settings
        pairs = [(settings.account_sid, settings.auth_token), *([settings.api_key] if settings.api_key else [])]
        given = f"{login.username}:{login.password}" if login is not None else ""
        if not any(hmac.compare_digest(given.encode(), f"{name}:{secret}".encode()) for name, secret in pairs):
            raise RestError(20003, "Authenticate", 401)
        if (request.view_args or {}).get("account", settings.account_sid) != settings.account_sid:
            raise not_found(request.path)

    def _journal(self, response: Response) -> Response:
        self._exchange.journal.add(
            "rest",
            method=request.method,
            path=request.path,
            query=request.args.to_dict(flat=False),
            form=request.form.to_dict(flat=False),
            status=None if isinstance(response, Silence) else response.status_code,
            answer=response.get_json(silent=True) if response.is_json else None,
            # Whatever became of the answer: the call that this request made.
            made=g.get("made", ""),
        )
        return response

    def create(self, account: str) -> ResponseReturnValue:
        """Call somebody: 201, or a refusal of `rest_forms.check_create`."""
        form = request.form.to_dict(flat=False)
        values = rest_forms.check_create(form, self._settings)
        fallback = values.get("FallbackUrl")
        callback = values.get("StatusCallback")
        events = frozenset(filter(None, form.get("StatusCallbackEvent", []))) or frozenset({"completed"})
        with self._exchange.changed:
            leg = self._exchange.new_leg(
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
            # Whatever becomes of the answer: this request was acted upon.
            g.made = leg.sid
            self._exchange.journal.add("placed", sid=leg.sid, to=leg.to, url=values.get("Url"))
        for name in sorted({"MachineDetection", "Record", "SendDigits"} & values.keys()):
            self._exchange.journal.add("warning", sid=leg.sid, code=0, text=f"{name} is not imitated here")
        self._lines.calls_out(leg, self._exchange.faults.take("create", values, "queue"))
        return jsonify(answer), 201

    def list_calls(self, account: str) -> ResponseReturnValue:
        """One page of calls."""
        values = rest_forms.check_query(request.args.to_dict(flat=False))
        with self._exchange.changed:
            return jsonify(page_of(visible(self._exchange, values), values, account))

    def fetch(self, account: str, sid: str) -> ResponseReturnValue:
        """One call."""
        with self._exchange.changed:
            return jsonify(resource(self._leg(sid), account))

    def update(self, account: str, sid: str) -> ResponseReturnValue:
        """End or redirect a call."""
        leg = self._leg(sid)
        values = rest_forms.check_update(request.form.to_dict(flat=False))
        with self._exchange.changed:
            _update(self._exchange, leg, values)
            return jsonify(resource(leg, account))

    def delete(self, account: str, sid: str) -> ResponseReturnValue:
        """Forget a call that has ended: 204, or 20009."""
        del account
        with self._exchange.changed:
            if self._leg(sid).live:
                raise RestError(20009, "Cannot delete a call that is not completed.", 409)
            del self._exchange.legs[sid]
        return "", 204

    def fetch_sound(self, account: str, sid: str) -> ResponseReturnValue:
        """The sound of a recording."""
        recording = self._recordings.find(sid)
        if recording is None or account != self._settings.account_sid:
            raise not_found(request.path)
        return Response(wav(recording), mimetype="audio/x-wav")

    def fetch_recording(self, account: str, sid: str) -> ResponseReturnValue:
        """What is known of a recording; instants as in RFC 2822."""
        recording = self._recordings.find(sid)
        if recording is None:
            raise not_found(request.path)
        return jsonify(
            sid=sid,
            account_sid=account,
            call_sid=recording.call_sid,
            duration=str(recording.duration),
            date_created=format_datetime(recording.made),
            status="completed",
            channels=1,
            source="RecordVerb",
        )

    def delete_recording(self, account: str, sid: str) -> ResponseReturnValue:
        """Forget a recording: 204."""
        del account
        if not self._recordings.delete(sid):
            raise not_found(request.path)
        return "", 204

    def _leg(self, sid: str) -> Leg:
        leg = self._exchange.legs.get(sid)
        if leg is None:
            raise not_found(request.path)
        return leg


def _refused(error: RestError) -> ResponseReturnValue:
    return jsonify(error.body()), error.status


def _elsewhere(_: str = "") -> ResponseReturnValue:
    raise not_found(request.path)


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
