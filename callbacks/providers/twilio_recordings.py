"""Recordings at Twilio, fetched from an address of our own making: base, account and SID, never what somebody sent.

Twilio's own client reads every answer as text, which a sound is not; login and time-outs are the client's all the same.
Source: https://www.twilio.com/docs/voice/api/recording
"""

import time
from datetime import timedelta
from email.utils import parsedate_to_datetime

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from callbacks.recording_names import is_recording

LARGEST_BYTES = 10 * 1024 * 1024
"""Ten minutes, the most that MESSAGE_SECONDS allows, are 9.6 MB: 8000 samples a second of two bytes."""
LONGEST_SECONDS = 20.0
"""For the whole of one sound: time-outs alone let a trickle go on for ever."""
PIECE_BYTES = 64 * 1024
OK = 200
NOT_THERE = 404
NOT_FOUND = 20404
"""Never made, deleted, or not ready yet (https://www.twilio.com/docs/api/errors/20404)."""


def sound(client: Client, recording_sid: str) -> bytes:
    """Return the sound. Raises what Twilio's client raises, and ValueError for one that has no end."""
    ends = time.monotonic() + LONGEST_SECONDS
    pieces = bytearray()
    with _get(client, recording_sid, "wav") as answer:
        for piece in answer.iter_content(PIECE_BYTES):
            pieces += piece
            if len(pieces) > LARGEST_BYTES or time.monotonic() > ends:
                message = "a recording that does not end"
                raise ValueError(message)
    return bytes(pieces)


def delete(client: Client, recording_sid: str, kept_for: timedelta) -> bool:
    """Delete a recording, unless it is younger by Twilio's clock, which nobody here can set."""
    with _get(client, recording_sid, "json") as answer:
        made, now = answer.json()["date_created"], answer.headers["Date"]
    if parsedate_to_datetime(now) - parsedate_to_datetime(made) < kept_for:
        return False
    client.recordings(recording_sid).delete()
    return True


def _get(client: Client, recording_sid: str, form: str) -> requests.Response:
    """Ask for a recording. Redirects are not followed: where they lead to is not of our making."""
    if not is_recording(recording_sid):
        message = "no name of a recording"
        raise ValueError(message)
    path = f"/2010-04-01/Accounts/{client.account_sid}/Recordings/{recording_sid}.{form}"
    session = client.http_client.session or requests.Session()
    url = client.get_hostname(client.api.base_url + path)
    answer = session.get(url, auth=client.auth, stream=True, allow_redirects=False)
    if answer.status_code != OK:
        answer.close()
        code = NOT_FOUND if answer.status_code == NOT_THERE else None
        raise TwilioRestException(answer.status_code, path, code=code)
    return answer
