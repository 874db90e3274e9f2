import json
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection
from rq import Queue, SimpleWorker

from callbacks import jobs, worker
from callbacks.providers.rq_bell import BellSerializer, RqBell, UnlistedFunction
from callbacks.queues import FUNCTIONS, QUEUES, WAKE_CHANNEL


@pytest.fixture
def redis(redis_url: str) -> Redis:
    return Redis.from_url(redis_url)


def line(redis: Redis, name: str = "dial") -> Queue:
    return Queue(name, connection=redis, serializer=BellSerializer)


def test_a_bell_is_a_job_that_names_its_function_and_nothing_else(redis_url: str, redis: Redis) -> None:
    RqBell(redis_url).ring("dial")
    [job] = line(redis).jobs
    assert (job.func_name, job.args, job.kwargs) == (FUNCTIONS["dial"], [], {})
    assert (job.ttl, job.result_ttl, job.timeout) == (15, 0, 300)
    assert (job.retries_left, job._dependency_ids) == (None, [])
    assert job.success_callback is None
    assert job.failure_callback is None
    assert 0 < redis.ttl(job.key) <= 15


def test_every_ring_has_a_name_of_its_own(redis_url: str, redis: Redis) -> None:
    bell = RqBell(redis_url)
    bell.ring("dial")
    bell.ring("dial")
    assert len(set(line(redis).job_ids)) == 2


def test_the_line_never_grows_beyond_three(redis_url: str, redis: Redis) -> None:
    bell = RqBell(redis_url)
    for _ in range(20):
        bell.ring("dial")
    assert line(redis).count == 3
    bell.ring("mail")
    assert line(redis, "mail").count == 1


@pytest.mark.parametrize("queue", QUEUES)
def test_every_queue_has_a_function_that_exists(redis_url: str, redis: Redis, queue: str) -> None:
    RqBell(redis_url).ring(queue)
    [job] = line(redis, queue).jobs
    assert job.func is getattr(jobs, queue)


def test_the_clock_hears_when_it_is_called(redis_url: str, redis: Redis) -> None:
    listener = redis.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    listener.subscribe(WAKE_CHANNEL)
    assert listener.get_message(timeout=1) is None
    RqBell(redis_url).wake_clock()
    message = listener.get_message(timeout=5)
    listener.close()
    assert message is not None
    assert message["data"] == b"look"


def test_whether_redis_answers_can_be_asked(redis_url: str) -> None:
    assert RqBell(redis_url).ping()
    assert not RqBell("redis://127.0.0.1:1/0").ping()


@pytest.mark.parametrize("trouble", ["refused", "silent"])
def test_a_dead_redis_costs_one_time_out_and_then_nothing_for_a_second(
    trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if trouble == "refused":
            server.close()
        bell = RqBell(f"redis://127.0.0.1:{port}/0", timeout=0.25)
        began = time.monotonic()
        bell.ring("dial")
        assert time.monotonic() - began < 1
        monkeypatch.setattr(bell, "_client", None)
        monkeypatch.setattr("callbacks.providers.rq_bell.connect", _must_not_connect)
        for _ in range(10):
            bell.ring("dial")
            bell.wake_clock()
        monkeypatch.setattr(bell, "_silent_until", time.monotonic() - 0.001)
        with pytest.raises(AssertionError):
            bell.ring("dial")


def _must_not_connect(_url: str, _timeout: float) -> Redis:
    message = "it should have stayed silent"
    raise AssertionError(message)


@pytest.mark.parametrize(
    "job",
    [
        ["os.system", None, ["true"], {}],
        ["callbacks.jobs.dial", None, ["argument"], {}],
        ["callbacks.jobs.dial", None, [], {"word": 1}],
        ["callbacks.jobs.dial", "instance", [], {}],
        ["callbacks.jobs.log", None, [], {}],
        [["callbacks.jobs.dial"], None, [], {}],
        ["callbacks.jobs.dial"],
        {"meta": 1},
        "callbacks.jobs.dial",
        None,
    ],
    ids=str,
)
def test_what_is_not_a_plain_ring_is_refused(job: object) -> None:
    with pytest.raises(UnlistedFunction):
        BellSerializer.loads(json.dumps(job).encode())


@pytest.mark.parametrize("queue", QUEUES)
def test_what_is_written_can_be_read_back(queue: str) -> None:
    ring: list[object] = [FUNCTIONS[queue], None, [], {}]
    assert BellSerializer.loads(BellSerializer.dumps(ring)) == ring
    assert BellSerializer.loads(BellSerializer.dumps({})) == {}


def test_a_job_smuggled_into_redis_does_not_run(redis_url: str, redis: Redis, tmp_path: Path) -> None:
    trace = tmp_path / "smuggled"
    hostile = Queue("dial", connection=redis, serializer="rq.serializers.JSONSerializer")
    hostile.enqueue_call("os.system", (f"touch {trace}",))
    pickled = Queue("dial", connection=redis)
    pickled.enqueue_call("os.system", (f"touch {trace}",))
    made = worker.make_worker("dial", redis_url)
    made.work(burst=True, logging_level="CRITICAL")
    assert line(redis).count == 0
    assert not trace.exists()


def test_a_worker_runs_the_bell_it_was_rung_for(redis_url: str, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = []
    monkeypatch.setattr(jobs, "dial", lambda: ran.append("dial"))
    RqBell(redis_url).ring("dial")
    here = SimpleWorker([line(redis)], connection=redis, serializer=BellSerializer)
    here.work(burst=True, logging_level="CRITICAL")
    assert ran == ["dial"]
    assert redis.keys("rq:job:*") == []


def test_after_an_outage_of_redis_a_worker_waits_seconds_and_not_a_minute(
    redis_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = worker.make_worker("dial", redis_url)
    assert made.max_connection_wait_time == worker.RECONNECT_SECONDS == 2.0
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 10:
            raise KeyboardInterrupt

    def dequeue(*_args: object, **_kwargs: object) -> None:
        raise NoConnection

    monkeypatch.setattr("rq.worker.base.time", SimpleNamespace(sleep=sleep, time=time.time, monotonic=time.monotonic))
    monkeypatch.setattr(type(made).queue_class, "dequeue_any", dequeue)
    with pytest.raises(KeyboardInterrupt):
        made.dequeue_job_and_maintain_ttl(timeout=1)
    # RQ reads the limit at each failure: this is what would be missed if a new version no longer did.
    assert max(slept) == 2.0


def test_a_worker_listens_to_one_queue_only(redis_url: str) -> None:
    made = worker.make_worker("dial", redis_url)
    assert made.queue_names() == ["dial"]
    assert made.serializer is BellSerializer
