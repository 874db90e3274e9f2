"""The demo's stories, played against the whole service: each happens, in any order, again and again."""

from collections.abc import Iterator

import pytest

from callbacks.cli.sample_people import CUSTOMERS
from tests.journeys.running_demo import STORY_SECONDS, Demo
from tests.journeys.watching import until

ANS_NUMBER = CUSTOMERS[1][3].split(";")[0]

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys-demo")]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    running.stop()


def in_order(told: list[str], *words: str) -> None:
    """Make sure that sentences with these words were told, one after another."""
    sentences = iter(told)
    for each in words:
        assert any(each in sentence for sentence in sentences), f"{each!r} is not told there: {told}"


SOLVED = ("talk to each other", "hangs up", "presses 1: solved")
ENDS = {
    "lunch": ("12:10", "middagpauze", "stay silent", "13:00", "'s telephone rings", *SOLVED, "is afgesloten"),
    "overtakes": (
        *(
            "Jef Maes dials",
            "An Peeters dials",
            "Tom Baker dials",
            "stay silent",
            "Bart Wouters hears: “Harbour Freight",
        ),
        *("Sofie Claes hears: “Bakkerij Peeters", "telephone of Jef Maes stays silent", "solved", "tom@", "jef@"),
    ),
    "declines": ("Sofie Claes answers", "she declines", "Bart Wouters answers", *SOLVED, "est clôturé"),
    "busy": ("in gesprek", "stay silent", "5 minutes go by", "'s telephone rings", *SOLVED, "is closed"),
    "weekend": (
        *("17:10", "gesloten", "11:10", "stay silent", "08:59", "stay silent", "09:00"),
        *("'s telephone rings", *SOLVED, "is afgesloten"),
    ),
}


@pytest.mark.parametrize("story", [*ENDS, *reversed(ENDS)])
def test_a_story_is_told_to_its_good_end(demo: Demo, story: str) -> None:
    in_order(demo.plays(story), *ENDS[story])


def test_a_story_is_told_although_somebody_was_left_waiting_before_it(demo: Demo) -> None:
    sid = demo.asks("POST", "calls", {"from": ANS_NUMBER})["sid"]
    for _ in range(2):
        demo.asks("POST", f"calls/{sid}/press?wait=20", {"digits": "1"})
    demo.asks("GET", f"calls/{sid}?until=gathering&wait=20")
    demo.asks("POST", f"calls/{sid}/hang-up", {})
    told = demo.plays("lunch")
    in_order(told, "Somebody is left of before", *ENDS["lunch"])


def test_a_story_that_was_stopped_halfway_can_be_played_again(demo: Demo) -> None:
    demo.asks("POST", "pace", {"speech_rate": 20})
    demo.asks("POST", "stories/busy/play")
    until("a key is pressed", lambda: any("presses" in line["text"] for line in demo.story()["told"]), STORY_SECONDS)
    assert demo.asks("POST", "stories/stop", {})["story"]["status"] == "stopped"
    in_order(demo.plays("busy"), *ENDS["busy"])
