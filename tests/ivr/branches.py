"""Which way each `if`, each inline `if` and each `for` of a template goes, told by the template itself."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from jinja2 import Environment, nodes

Place = tuple[int, int]
"""The line of a branch, and which of the branches of the template it is."""
Seen = dict[Place, set[bool]]

Value = TypeVar("Value")


def directions(environment: Environment, source: str, moments: Iterable[Mapping[str, Any]]) -> Seen:
    """Render a template with each set of values; return which ways every branch of it was taken.

    A `for` goes the one way with something to repeat and the other with nothing. Both ways are wanted of every branch.
    """
    tree = environment.parse(source)
    seen: Seen = defaultdict(set)
    branches = list(tree.find_all((nodes.If, nodes.CondExpr, nodes.For)))
    for n, branch in enumerate(branches):
        place = (branch.lineno, n)
        seen[place] = set()
        part = "iter" if isinstance(branch, nodes.For) else "test"
        telling = nodes.Name("_telling", "load", lineno=branch.lineno)
        where = nodes.Const(place, lineno=branch.lineno)
        call = nodes.Call(telling, [where, getattr(branch, part)], [], None, None, lineno=branch.lineno)
        setattr(branch, part, call)

    def telling_of(place: Place, value: Value) -> Value:
        seen[place].add(bool(value))
        return value

    template = environment.from_string(tree)
    for values in moments:
        template.render({**values, "_telling": telling_of})
    return seen
