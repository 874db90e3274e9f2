"""`python -m simulator`: the stand-in as a process."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
import threading
from collections import ChainMap
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from simulator.scene import SceneError
from simulator.server import Simulator
from simulator.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

CREDENTIALS = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_API_KEY", "TWILIO_API_SECRET")
QUOTED = re.compile(r"""(["'])(.*?)\1""")


def parser() -> argparse.ArgumentParser:
    """The command line."""
    options = argparse.ArgumentParser(prog="python -m simulator", description=__doc__)
    options.add_argument("--port", type=int, default=0, help="0 takes a free port")
    options.add_argument("--account-sid", required=True)
    options.add_argument("--auth-token", required=True)
    options.add_argument("--api-key", nargs=2, metavar=("KEY", "SECRET"), help="a second pair that may sign in")
    options.add_argument("--hotline", required=True, help="the number the public dials, such as +3234603535")
    options.add_argument("--number", action="append", default=[], help="another number of the account")
    options.add_argument("--voice-url", required=True, help="the hotline's VoiceUrl")
    options.add_argument("--voice-fallback-url")
    options.add_argument("--status-callback", help="the hotline's status callback URL")
    options.add_argument("--base-url", help="the address under which recordings are fetched")
    options.add_argument("--cps", type=float, default=0.0, help="calls a second that leave the queue; 0: all")
    options.add_argument("--speech-rate", type=float, default=0.0, help="characters a second; 0 speaks in no time")
    options.add_argument("--mail-port", type=int, help="offer a mail server (SMTP) on this port; 0 takes a free one")
    options.add_argument("--clock-url", help="in a demo: where the service's own clock is read and moved")
    options.add_argument("--scene", type=Path, help="a JSON file: whose telephones these are, and stories to play")
    options.add_argument("--dial-action-after-hangup", action="store_true")
    return options


def mixed_up(own: Collection[str], *places: Mapping[str, str]) -> str | None:
    """Why a start here could confuse the stand-in with Twilio itself; None when it could not.

    `own` are the stand-in's credentials; of `places` the first that names a variable counts, as for the service.
    """
    settings = ChainMap(*(dict(place) for place in places))
    host = (urlsplit(settings.get("TWILIO_BASE_URL", "")).hostname or "").rstrip(".")
    real = not host or host == "twilio.com" or host.endswith(".twilio.com")
    others = [name for name in CREDENTIALS if settings.get(name, "") not in {"", *own}]
    if real and others:
        return (
            f"refusing to start: {', '.join(others)} (in the environment or in .env) would be another account's, and "
            "TWILIO_BASE_URL leads to Twilio; set TWILIO_BASE_URL to the simulator, or unset them"
        )
    return None


def written_in(file: Path) -> dict[str, str]:
    """The variables of a `.env`, read simply: NAME=value lines, quotes and `export` taken off; none without it."""
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    found: dict[str, str] = {}
    for line in lines:
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            quoted = QUOTED.match(value.strip())
            found[name.strip()] = quoted[2] if quoted else value.partition(" #")[0].strip()
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C. Exit code 2 when the environment looks like a real one."""
    options = parser().parse_args(arguments)
    own = {options.account_sid, options.auth_token, *(options.api_key or ())}
    trouble = mixed_up(own, os.environ, written_in(Path(".env")))
    if trouble is not None:
        sys.stderr.write(f"{trouble}\n")
        return 2
    settings = Settings(
        account_sid=options.account_sid,
        auth_token=options.auth_token,
        numbers=(options.hotline, *options.number),
        voice_url=options.voice_url,
        voice_fallback_url=options.voice_fallback_url,
        status_callback=options.status_callback,
        api_key=tuple(options.api_key) if options.api_key else None,
        port=options.port,
        base_url=options.base_url,
        cps=options.cps,
        speech_rate=options.speech_rate,
        mail_port=options.mail_port,
        clock_url=options.clock_url,
        scene=options.scene,
        dial_action_after_hangup=options.dial_action_after_hangup,
    )
    try:
        simulator = Simulator(settings)
    except SceneError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    over = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: over.set())
    try:
        simulator.start()
    except OSError as trouble:
        sys.stderr.write(f"no mail server on port {options.mail_port}: {trouble}; choose another --mail-port\n")
        return 2
    sys.stdout.write(f"simulator on {simulator.url}, console {simulator.url}/console/\n")
    if simulator.mail_sink is not None:
        sys.stdout.write(f"mail server (SMTP) on 127.0.0.1:{simulator.mail_sink.port}\n")
    sys.stdout.flush()
    over.wait()
    simulator.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
