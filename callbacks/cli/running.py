"""Commands that keep running: everything in one go, or one process of it."""

import argparse
import signal
import sys
from collections.abc import Mapping
from types import FrameType

from callbacks import embedded_redis, processes, timetable, wiring, worker
from callbacks.errors import RefusedInput
from callbacks.logs import set_up
from callbacks.queues import QUEUES
from callbacks.settings import Settings
from callbacks.store import board
from callbacks.supervisor import Child, Supervisor

FEWEST_DIAL_WORKERS = 3
MOST_DIAL_WORKERS = 8
INNER_PATIENCE = 3.5
"""Seconds for the workers, inside those that `ringback up` gives everybody."""
PATIENCE = 5.5


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands to the parser."""
    up = commands.add_parser(
        "up", help="run everything: migrations, web, workers, clock (and Redis where none is given)"
    )
    up.set_defaults(run=run_up)
    work = commands.add_parser("work", help="run the workers of all queues")
    work.set_defaults(run=run_work)
    one = commands.add_parser("worker", help="run one worker of one queue (`ringback work` starts these)")
    one.add_argument("queue", choices=QUEUES)
    one.set_defaults(run=run_worker)
    clock = commands.add_parser("clock", help="run the clock that rings the workers' bells")
    clock.set_defaults(run=run_clock)


def run_up(args: argparse.Namespace) -> int:
    """Run everything in one go."""
    del args
    return up(wiring.settings(), {})


def up(settings: Settings, env: Mapping[str, str], *more: Child) -> int:
    """Run all processes until stopped. `env` is laid over the environment, `more` are further children."""
    secrets = {"SECRET_KEY": wiring.secret_key(settings)}
    require_service(settings)
    lock = None
    redis: list[Child] = []
    if not settings.redis_url:
        lock = embedded_redis.claim(settings.home)
        server = embedded_redis.embedded_redis(settings.home)
        secrets["REDIS_URL"] = server.url
        redis = [Child("redis", server.argv, ready=lambda: embedded_redis.ready(server.url, 0))]
    elif not embedded_redis.ready(settings.redis_url, 5):
        message = (
            "REDIS_URL is set, but nothing answers there. Start that Redis, or unset REDIS_URL to use the built-in one."
        )
        raise RefusedInput(message)
    around = {**env, **secrets}
    first = (*(child.name for child in redis), "migrate")
    children = [
        *redis,
        *more,
        Child("migrate", processes.own_argv(processes.MIGRATE_ARGV), around, once=True),
        Child("web", processes.web_argv(_web_values(settings)), around, wait_for=first),
        Child("work", processes.own_argv(processes.WORK_ARGV), around, wait_for=first),
        Child("clock", processes.own_argv(processes.CLOCK_ARGV), around, wait_for=first),
    ]
    try:
        return Supervisor(children, patience=PATIENCE).run()
    finally:
        if lock is not None:
            lock.close()


def _web_values(settings: Settings) -> dict[str, str]:
    return {
        "BIND_ADDRESS": settings.bind_address,
        "PORT": str(settings.port),
        "WEB_CONCURRENCY": str(settings.web_concurrency),
    }


def require_service(settings: Settings) -> None:
    """Refuse to start without what a running service needs; the secret key may be our own."""
    if not settings.secret_key.get_secret_value():
        settings = settings.model_copy(update={"secret_key": type(settings.secret_key)(wiring.secret_key(settings))})
    settings.require_service()


def run_work(args: argparse.Namespace) -> int:
    """Supervise one worker a queue, and several for dialling: one hanging request must not stop the others."""
    del args
    set_up("work")
    worker.wait_until_ready()
    settings = wiring.settings()
    counts = dict.fromkeys(QUEUES, 1) | {"dial": _dial_workers(settings)}
    children = [
        Child(f"{queue}-{n}" if count > 1 else queue, processes.own_argv(("ringback", "worker", queue)))
        for queue, count in counts.items()
        for n in range(1, count + 1)
    ]
    return Supervisor(children, patience=INNER_PATIENCE).run()


def run_worker(args: argparse.Namespace) -> int:
    """Work on one queue."""
    set_up(args.queue)
    worker.run(args.queue)
    return 0


def run_clock(args: argparse.Namespace) -> int:
    """Run the clock until told to stop."""
    del args
    set_up("clock")
    url = worker.wait_until_ready()
    services = wiring.of_this_process()
    table = timetable.Timetable(services, timetable.WakeLine(url))

    def stop(_number: int, _frame: FrameType | None) -> None:
        table.stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    table.run()
    sys.stdout.flush()
    return 0


def _dial_workers(settings: Settings) -> int:
    if settings.dial_workers:
        return settings.dial_workers
    services = wiring.of_this_process()
    with services.database.read() as session:
        agents = len(board.agents(session))
    # One each: a request that hangs for ten seconds must keep no other agent waiting.
    return min(MOST_DIAL_WORKERS, max(FEWEST_DIAL_WORKERS, agents))
