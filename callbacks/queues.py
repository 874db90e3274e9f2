"""The queues, the one function behind each, and the channel that wakes the clock. Nothing else is ever run by RQ."""

QUEUES = ("dispatch", "dial", "mail", "upkeep")
FUNCTIONS = {queue: f"callbacks.jobs.{queue}" for queue in QUEUES}
"""The allow-list: what a worker runs when the bell of a queue rings."""
WAKE_CHANNEL = "ringback:clock"
