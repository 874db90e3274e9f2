"""One worker process for one queue. RQ's own worker, unchanged; only its patience and its serializer are set.

One queue a process, because a worker of several can lose a job on an ordinary stop (docs/decisions.md).
"""

import logging
import time

from redis import Redis
from rq import Queue, Worker
from sqlalchemy.exc import SQLAlchemyError

from callbacks import embedded_redis, jobs, wiring
from callbacks.clock import SystemClock
from callbacks.errors import NotReady
from callbacks.providers.rq_bell import BellSerializer
from callbacks.queues import FUNCTIONS
from callbacks.rules.calendar import Calendar
from callbacks.store import hours
from models.migrate import is_current

RECONNECT_SECONDS = 2.0
"""RQ backs off to a minute after an outage of Redis; call-backs cannot wait that long. Set on the instance."""
WORKER_TTL_SECONDS = 60
LOOK_AGAIN_SECONDS = 0.5

log = logging.getLogger(__name__)


def run(queue: str) -> None:
    """Work on one queue until told to stop. Waits for Redis and for the migrated database first."""
    url = wait_until_ready()
    worker = make_worker(queue, url)
    warm_up()
    log.info("waiting for %s", FUNCTIONS[queue])
    worker.work(logging_level="WARNING")


def make_worker(queue: str, url: str) -> Worker:
    """Return the worker as it is run; apart, so that a test can look at it."""
    connection = Redis.from_url(url)
    line = Queue(queue, connection=connection, serializer=BellSerializer)
    worker = Worker(
        [line],
        connection=connection,
        serializer=BellSerializer,
        worker_ttl=WORKER_TTL_SECONDS,
        maintenance_interval=WORKER_TTL_SECONDS,
        log_job_description=False,
    )
    worker.max_connection_wait_time = RECONNECT_SECONDS
    return worker


def warm_up() -> None:
    """Import and reckon before the first fork what every job would otherwise pay for again; opens no connection."""
    services = wiring.build(wiring.settings())
    rules = services.rules
    now = SystemClock().now()
    # Where the system names no boot, all work-horses must inherit the same name.
    SystemClock().uptime()
    hours.envelope(rules).is_open(now)
    Calendar(rules.opening_hours, rules.envelope, rules.zone).is_open(now)
    log.debug("warmed up for %s", jobs.__name__)


def wait_until_ready() -> str:
    """Return the address of Redis once it answers and the database has its newest schema, however long it takes."""
    settings = wiring.settings()
    said = ""
    while True:
        try:
            url = wiring.require_redis(settings)
            if not embedded_redis.ready(url, 0):
                raise NotReady("Redis does not answer yet")  # noqa: EM101, TRY003, TRY301 - one line for the log
            if is_current(settings.database_url):
                return url
            trouble = "the database has not been migrated yet"
        except (NotReady, SQLAlchemyError) as error:
            trouble = str(error).splitlines()[0]
        if trouble != said:
            log.warning("waiting: %s", trouble)
            said = trouble
        time.sleep(LOOK_AGAIN_SECONDS)
