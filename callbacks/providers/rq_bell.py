"""The doorbell, by RQ. It may ring twice or not at all; the database decides what there is to do.

Why so little of RQ is used: docs/decisions.md. A bell is a job without arguments, with a random id, that dies after
15 seconds in the list; no retries, no callbacks, no scheduling.
"""

import json
import logging
import time
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue

from callbacks.queues import FUNCTIONS, WAKE_CHANNEL

TTL_SECONDS = 15
FAILURE_TTL_SECONDS = 60
"""The log has what went wrong; a trace kept in Redis could quote what a database error quotes."""
JOB_SECONDS = 300
"""Longer than what a job allows itself: the alarm must never fall between a request and its commit."""
LONG_ENOUGH = 2
SILENT_SECONDS = 1.0

log = logging.getLogger(__name__)


class UnlistedFunction(ValueError):
    """Somebody put a job into Redis that is none of ours."""


class BellSerializer:
    """JSON that knows the doorbells and nothing else: whoever can write to Redis could otherwise run any function."""

    @staticmethod
    def dumps(value: Any) -> bytes:  # noqa: ANN401 - RQ's protocol
        """Write a job, its meta data or its result."""
        return json.dumps(value).encode()

    @staticmethod
    def loads(data: bytes) -> Any:  # noqa: ANN401 - RQ's protocol
        """Read it back; raises UnlistedFunction for a job that is not a plain ring of one of our bells."""
        value = json.loads(data.decode())
        if isinstance(value, dict) and not value:
            return value
        if isinstance(value, list) and len(value) == 4:  # noqa: PLR2004 - RQ stores (function, instance, args, kwargs)
            function, instance, args, kwargs = value
            if function in FUNCTIONS.values() and instance is None and not args and not kwargs:
                return value
        message = "a job that is none of ours was refused"
        raise UnlistedFunction(message)


def connect(url: str, timeout: float) -> Redis:
    """Return a client that gives up at once: a ring that is sent again could ring twice for nothing."""
    return Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


class RqBell:
    """Rings through Redis. After a failure it stays silent for a second: nobody waits for it again and again."""

    def __init__(self, url: str, timeout: float = 0.25) -> None:
        """`timeout` in seconds is the most one ring may cost the one who rings."""
        self._url = url
        self._timeout = timeout
        self._client: Redis | None = None
        self._silent_until = 0.0

    def ring(self, queue: str) -> None:
        """Ask a worker of `queue` to look; not when enough bells wait there already."""
        if time.monotonic() < self._silent_until:
            return
        try:
            line = Queue(queue, connection=self._redis, serializer=BellSerializer)
            if line.count > LONG_ENOUGH:
                return
            line.enqueue_call(
                FUNCTIONS[queue],
                timeout=JOB_SECONDS,
                ttl=TTL_SECONDS,
                result_ttl=0,
                failure_ttl=FAILURE_TTL_SECONDS,
                description=queue,
            )
        except RedisError as error:
            self._silence(error)

    def wake_clock(self) -> None:
        """Tell the clock process to look again."""
        if time.monotonic() < self._silent_until:
            return
        try:
            self._redis.publish(WAKE_CHANNEL, b"look")
        except RedisError as error:
            self._silence(error)

    def ping(self) -> bool:
        """Say whether Redis answers."""
        try:
            return bool(self._redis.ping())
        except RedisError:
            return False

    @property
    def _redis(self) -> Redis:
        if self._client is None:
            self._client = connect(self._url, self._timeout)
        return self._client

    def _silence(self, error: RedisError) -> None:
        self._silent_until = time.monotonic() + SILENT_SECONDS
        log.warning("the bell could not be rung (%s); the next sweep finds the work", type(error).__name__)
