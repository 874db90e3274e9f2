"""The command lines of the service's processes: the Procfile and `ringback up` start the same thing."""

import re
import sys
from collections.abc import Mapping

WEB_ARGV = (
    "gunicorn",
    "web.wsgi:app",
    "--bind",
    "${BIND_ADDRESS:-0.0.0.0}:${PORT:-8000}",
    "--worker-class",
    "gthread",
    # Two processes: while a killed one is started again, the other still answers the telephone network.
    "--workers",
    "${WEB_CONCURRENCY:-2}",
    "--threads",
    "16",
    # The port opens once everything is imported, and a killed process is replaced by a fork, not by a new start.
    "--preload",
    # No heartbeat: it compares the monotonic clock with a file's mtime, so anything that shifts file times (a faked
    # clock, a strange container file system) kills healthy workers; and it only watches the loop that accepts
    # connections, never a hanging request.
    "--timeout",
    "0",
    # Must end inside the patience of `ringback up`.
    "--graceful-timeout",
    "5",
    # Its socket stands in the home folder: read-only homes and a second instance would stumble over it.
    "--no-control-socket",
)
"""No access log: the addresses of attempts, surveys and mails carry secrets."""

WORK_ARGV = ("ringback", "work")
CLOCK_ARGV = ("ringback", "clock")
MIGRATE_ARGV = ("ringback", "migrate")

_VARIABLE = re.compile(r"\$\{(\w+):-([^}]*)\}")


def web_argv(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the web server's command line for this very Python.

    `values` may give BIND_ADDRESS, PORT and WEB_CONCURRENCY; what is missing or empty takes the default, as in a shell.
    """
    words = [_VARIABLE.sub(lambda found: values.get(found[1]) or found[2], word) for word in WEB_ARGV]
    return (sys.executable, "-m", *words)


def own_argv(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Return a `ringback …` command line that needs no PATH: the same Python, the same package."""
    return (sys.executable, "-c", "import sys; from callbacks.cli import main; sys.exit(main())", *argv[1:])
