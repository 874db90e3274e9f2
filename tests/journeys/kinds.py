"""On which databases a journey is told. Each has one whole service, in one test process, for the whole session."""

from collections.abc import Sequence

import pytest

KINDS = ("sqlite", "postgresql")


def service_on(kind: str, *values: object, name: str = "", marks: Sequence[pytest.MarkDecorator] = ()) -> object:
    """Return a parameter that asks for the service on this database; `values` are the journey's own."""
    group = pytest.mark.xdist_group(f"journeys-{kind}")
    return pytest.param(kind, *values, marks=[group, *marks], id="-".join(filter(None, (kind, name))))


EITHER = [service_on(kind) for kind in KINDS]


def on(kind: str) -> pytest.MarkDecorator:
    """Tell a journey on one database only: what is special in it never touches the difference."""
    return pytest.mark.parametrize("stack", [service_on(kind)], indirect=True)


def in_turn(names: str, **rows: tuple[object, ...]) -> pytest.MarkDecorator:
    """Tell a journey once a row, on the two databases in turn; a row's name says what it is."""
    shared = [service_on(KINDS[n % 2], *row, name=name) for n, (name, row) in enumerate(rows.items())]
    return pytest.mark.parametrize(f"stack, {names}", shared, indirect=["stack"], scope="session")
