"""The stories of the demo can be played, with the demo's people."""

import json

import pytest

from callbacks.cli.sample_people import AGENTS, CUSTOMERS
from callbacks.cli.sample_stories import stories
from simulator.stories.steps import check

STORIES = {str(story["id"]): story for story in stories()}


@pytest.mark.parametrize("name", STORIES)
def test_every_step_of_a_story_is_one_that_can_be_played(name: str) -> None:
    steps = json.loads(json.dumps(STORIES[name]["steps"]))
    check(steps)


@pytest.mark.parametrize("name", STORIES)
def test_a_story_rings_no_number_but_the_sample_peoples(name: str) -> None:
    known = {row[3].split(";")[0] for row in CUSTOMERS[1:]} | {row[1] for row in AGENTS[1:]}
    steps = json.loads(json.dumps(STORIES[name]["steps"]))
    used = {number for step in steps for word in ("call", "rings", "silent") for number in _list(step.get(word))}
    assert used
    assert used <= known


def test_there_are_five_stories_each_with_a_title_and_a_sentence_about_it() -> None:
    assert list(STORIES) == ["lunch", "overtakes", "declines", "busy", "weekend"]
    for story in STORIES.values():
        assert story["title"]
        assert str(story["about"]).endswith(".")


def _list(numbers: object) -> list[str]:
    return [numbers] if isinstance(numbers, str) else list(numbers) if isinstance(numbers, list) else []
