"""Which definitions of callbacks/ and web/ mention which others, read from the source: what a function leads to."""

import ast
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

Name = tuple[str, str]
"""A module and a name that it defines at its top level."""


@cache
def definitions() -> dict[Name, tuple[ast.stmt, dict[str, Name]]]:
    """Return each top-level definition of callbacks/ and web/, with what the imported names of its module stand for."""
    found = {}
    for path in sorted(path for room in ("callbacks", "web") for path in (ROOT / room).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        known = dict(_imported(tree))
        for statement in tree.body:
            for name in _defined(statement):
                known[name] = (module, name)
                found[module, name] = (statement, known)
    return found


@cache
def below(start: Name) -> frozenset[Name]:
    """Return everything that a definition mentions, and what that mentions; itself included."""
    seen: set[Name] = set()
    edge = [start]
    while edge:
        name = edge.pop()
        if name in seen or name not in definitions():
            continue
        seen.add(name)
        statement, known = definitions()[name]
        edge += [target for node in ast.walk(statement) for target in _targets(node, known)]
    return frozenset(seen)


def looked_at(start: Name, prefixes: Collection[str]) -> set[str]:
    """Return the members of a vocabulary that a definition names, as in `AttemptState.SENDING`, itself or further down.

    Further down only in its own module and in the store: what follows from what it finds is named elsewhere, and the
    pure rules' tables of arrows name every state and look at none.
    """
    looking = [name for name in below(start) if name[0] == start[0] or name[0].startswith("callbacks.store.")]
    nodes = [node for name in looking for node in ast.walk(definitions()[name][0])]
    return {
        node.attr
        for node in nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in prefixes
    }


def _imported(tree: ast.Module) -> Iterator[tuple[str, Name]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from ((alias.asname or alias.name, (node.module, alias.name)) for alias in node.names)


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        yield from (target.id for target in statement.targets if isinstance(target, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id


def _targets(node: ast.AST, known: dict[str, Name]) -> Iterator[Name]:
    if isinstance(node, ast.Name) and node.id in known:
        yield known[node.id]
    elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
        package, module = known[node.value.id]
        yield f"{package}.{module}", node.attr
