"""A supervisor in a process of its own, for tests that kill it: `python supervised.py FOLDER SCENARIO`."""

import sys
from pathlib import Path

from callbacks.supervisor import Child, Supervisor

HERE = Path(__file__)
FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path()
NOTE = "import os,sys,time; open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); print('hello', flush=True); "
STAY = NOTE + "time.sleep(600)"
# Ignores SIGTERM, and has a child in a group and a session of its own that ignores it too.
STUBBORN = (
    "import os,signal,sys,time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "if os.fork() == 0: os.setsid()\n"
    "open(sys.argv[1],'a').write(f'{os.getpid()}\\n'); time.sleep(600)"
)
# Writes when it ended, so that an order can be read.
POLITE = (
    NOTE + "import signal\n"
    "def end(*_): open(sys.argv[2],'a').write(sys.argv[3]+'\\n'); sys.exit(0)\n"
    "signal.signal(signal.SIGTERM, end); open(sys.argv[1]+'.ready','w').close(); time.sleep(600)"
)


def program(code: str, name: str, *more: str) -> list[str]:
    return [sys.executable, "-c", code, str(FOLDER / name), *more]


def polite(name: str) -> list[str]:
    return program(POLITE, name, str(FOLDER / "order"), name)


def ready(name: str) -> bool:
    return (FOLDER / f"{name}.ready").exists()


def nested(scenario: str) -> list[str]:
    return [sys.executable, str(HERE), str(FOLDER), scenario]


def scenarios() -> dict[str, list[Child]]:
    return {
        "one": [Child("one", program(STAY, "one"))],
        "crashing": [Child("crashing", program(NOTE + "sys.exit(3)", "crashing"))],
        "stubborn": [Child("stubborn", program(STUBBORN, "stubborn"))],
        "very_patient": [Child("stubborn", program(STUBBORN, "stubborn"))],
        "nested": [Child("inner", nested("two_levels"))],
        "two_levels": [Child("leaf", program(STAY, "leaf")), Child("stubborn", program(STUBBORN, "stubborn"))],
        "ordered": [
            Child("web", polite("web"), wait_for=("redis",)),
            Child("redis", polite("redis"), ready=lambda: ready("redis")),
        ],
        "failing_once": [
            Child("one", program(STAY, "one")),
            Child("story", program(NOTE + "sys.exit(4)", "story"), once=True),
        ],
        "once_first": [
            Child("migrate", program(NOTE, "migrate"), once=True),
            Child("one", program(STAY, "one"), wait_for=("migrate",)),
        ],
        "missing": [Child("missing", ["/nowhere/nothing"]), Child("one", program(STAY, "one"))],
    }


if __name__ == "__main__":
    scenario = sys.argv[2]
    patience = {"stubborn": 1.5, "two_levels": 0.7, "nested": 3}.get(scenario, 10)
    sys.exit(Supervisor(scenarios()[scenario], patience=patience).run())
