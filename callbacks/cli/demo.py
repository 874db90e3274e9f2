"""`ringback demo`: the whole service beside a simulated telephone network, sample people, and one call told as a story.

Everything of it lives in a folder of its own, made anew at each start; no setting of the real service reaches it.
"""

import argparse
import os
import secrets
import shutil
import socket
import sys
from contextlib import ExitStack
from pathlib import Path

from callbacks import processes
from callbacks.cli import running, sample_people, sample_scene
from callbacks.errors import RefusedInput
from callbacks.settings import load_settings, variables
from callbacks.supervisor import Child

FAVOURITE_PORT = 8000
LOCK = "up.lock"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    demo = commands.add_parser("demo", help="run everything with a simulated telephone network and sample people")
    demo.add_argument("--once", action="store_true", help="stop after the story; exit code 0 when it happened")
    demo.add_argument("--port", type=int, default=0, help="port of the pages (default: PORT, else 8000 or a free one)")
    demo.set_defaults(run=run)
    story = commands.add_parser("story", help="tell the demo's story (`ringback demo` starts this)")
    story.add_argument("--once", action="store_true")
    story.add_argument("--parent", type=int, default=0, help="the process to stop after a good end")
    story.add_argument("--telephones", required=True, help="address of the simulator")
    story.set_defaults(run=_tell)


def run(args: argparse.Namespace) -> int:
    """Start everything, tell the story, and stay up."""
    home = (Path(os.environ.get("RINGBACK_HOME") or "var") / "demo").absolute()
    port, telephone_port, mail_port = _ports(wanted_port(args.port))
    env = _environment(home, port, telephone_port, mail_port)
    _make_anew(home)
    for name in variables():
        os.environ.pop(name, None)
    os.environ.update(env)
    # Here lies no .env: a mail server named there would write to the sample people's addresses.
    os.chdir(home)
    settings = load_settings(env)
    sample_people.write(home)
    scene = sample_scene.write(home, base_url=settings.public_base_url, timezone=settings.timezone)
    telephones = f"http://127.0.0.1:{telephone_port}"
    simulator = Child(
        "simulator",
        (
            *(sys.executable, "-m", "simulator"),
            *("--port", str(telephone_port)),
            *("--account-sid", env["TWILIO_ACCOUNT_SID"]),
            *("--auth-token", env["TWILIO_AUTH_TOKEN"]),
            *("--hotline", env["HOTLINE_NUMBER"]),
            *("--voice-url", f"{env['PUBLIC_BASE_URL']}/voice/incoming"),
            *("--status-callback", f"{env['PUBLIC_BASE_URL']}/voice/status/inbound"),
            *("--clock-url", f"{env['PUBLIC_BASE_URL']}/demo/clock"),
            *("--mail-port", str(mail_port)),
            *("--speech-rate", str(sample_scene.CHARACTERS_A_SECOND)),
            *("--scene", str(scene)),
        ),
    )
    ends = ("--once", "--parent", str(os.getpid())) if args.once else ()
    words = ("ringback", "story", "--telephones", telephones, *ends)
    story = Child("story", processes.own_argv(words), wait_for=("simulator", "web", "work", "clock"), once=True)
    return running.up(settings, env, simulator, story)


def _tell(args: argparse.Namespace) -> int:
    from callbacks.cli import story  # noqa: PLC0415 - needs the demo's environment

    return story.tell(args.telephones, once=args.once, parent=args.parent)


def _environment(home: Path, port: int, telephone_port: int, mail_port: int) -> dict[str, str]:
    return {
        "RINGBACK_HOME": str(home),
        "RINGBACK_DEMO": "true",
        "DATABASE_URL": f"sqlite:///{home / 'ringback.db'}",
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "BIND_ADDRESS": "127.0.0.1",
        "PORT": str(port),
        "WEB_CONCURRENCY": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "TWILIO_BASE_URL": f"http://127.0.0.1:{telephone_port}",
        "TWILIO_CPS": "10",
        "HOTLINE_NUMBER": "+3234603535",
        "SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
    }


def wanted_port(given: int) -> int:
    """Return the port given on the command line, else that of PORT, else 0. Raises RefusedInput for nonsense in it."""
    variable = os.environ.get("PORT", "")
    return given or (load_settings({"PORT": variable}).port if variable else 0)


def _ports(wanted: int) -> tuple[int, int, int]:
    """Return the ports of pages, telephones and mails; the pages' is the wanted one, or the favourite, or any."""
    page = wanted or (FAVOURITE_PORT if _is_free(FAVOURITE_PORT) else _free_besides(0)[0])
    if not _is_free(page):
        message = f"port {page} is taken; choose another with --port"
        raise RefusedInput(message)
    telephones, mails = _free_besides(page)
    return page, telephones, mails


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_besides(taken: int) -> tuple[int, int]:
    """Return two free ports. All are held until both are chosen, or the second could be the first."""
    with ExitStack() as held:
        found: list[int] = []
        while len(found) < len(("telephones", "mails")):
            probe = held.enter_context(socket.socket())
            probe.bind(("127.0.0.1", 0))
            found += [port for port in (int(probe.getsockname()[1]),) if port != taken]
    return found[0], found[1]


def _make_anew(home: Path) -> None:
    """Empty the demo's folder. Raises RefusedInput where another demo lives in it, or something that is no demo's."""
    if home.is_dir() and any(home.iterdir()) and not (home / LOCK).exists():
        message = f"{home} holds something else than a demo, which a start would delete; move it, or set RINGBACK_HOME"
        raise RefusedInput(message)
    from callbacks import embedded_redis  # noqa: PLC0415 - the command line starts faster without

    embedded_redis.claim(home).close()
    for entry in home.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != LOCK:
            entry.unlink()
