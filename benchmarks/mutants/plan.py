"""The faults of a package, and a seeded sample of them that is spread over its files and the families of faults."""

import ast
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from itertools import chain, zip_longest
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

from benchmarks.mutants.operators import operators

Position = tuple[int, int]
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef
ONCE = ("cache", "cached_property")
"""Decorators whose function may run in one test for all that follow it."""


@dataclass(frozen=True)
class Place:
    """A function, or the module outside of all functions; its lines as they are counted in the file."""

    function: str
    first: int
    last: int
    once: bool
    """Whether it runs only once for many tests: then no test of its own can be told from the others of the file."""


@dataclass(frozen=True)
class Fault:
    """One change in a file of the tree; `text` is the whole file without it."""

    path: str
    text: str
    family: str
    operator: Operator
    occurrence: int
    position: Position
    lines: range
    place: Place

    def mutated(self) -> str:
        """The whole file with the fault in it."""
        return str(mutate_code(self.text, self.operator, self.occurrence))

    def changed(self) -> tuple[str, str]:
        """The changed lines before and after, without indentation: what a listed survivor is recognised by."""
        lines = [line for line in self.diff()[2:] if line[0] in "-+"]
        sides = ([line[1:].strip() for line in lines if line[0] == sign] for sign in "-+")
        before, after = (" ".join(filter(None, side)) for side in sides)
        return before, after

    def diff(self) -> list[str]:
        """The change as a patch shows it."""
        before, after = self.text.splitlines(), self.mutated().splitlines()
        return list(unified_diff(before, after, self.path, self.path, n=2, lineterm=""))


def sample(root: Path, package: str, number: int, seed: int) -> list[Fault]:
    """As many faults as asked for: in turn one of every file and family, no two at one place of the text."""
    chance = random.Random(f"{seed} {package}")
    groups: dict[tuple[str, str], list[Fault]] = defaultdict(list)
    for path in sorted((root / package).rglob("*.py")):
        for fault in faults(root, path.relative_to(root).as_posix()):
            groups[fault.path, fault.family].append(fault)
    shuffled = [chance.sample(group, len(group)) for _, group in sorted(groups.items())]
    chance.shuffle(shuffled)
    at_places: dict[tuple[str, Position], Fault] = {}
    for fault in filter(None, chain.from_iterable(zip_longest(*shuffled))):
        at_places.setdefault((fault.path, fault.position), fault)
    return list(at_places.values())[:number]


def faults(root: Path, path: str) -> Iterator[Fault]:
    """Every fault that can be planted in a file, outside of what does not run or is only logged."""
    text = (root / path).read_text("utf-8")
    tree = ast.parse(text)
    dead, places = set(_dead(tree)), list(_places(tree))
    nodes = list(ast_nodes(get_ast(text)))
    for family, operator in operators():
        spans = chain.from_iterable(operator.mutation_positions(node) for node in nodes)
        for occurrence, (start, end) in enumerate(spans):
            if not any(first <= start < last for first, last in dead):
                inner = [place for place in places if place.first <= start[0] <= place.last]
                yield Fault(path, text, family, operator, occurrence, start, range(start[0], end[0] + 1), inner[-1])


def _places(tree: ast.Module) -> Iterator[Place]:
    """The module first, then its functions, every outer one before its inner ones."""
    yield Place("", 0, 10**6, once=True)
    yield from _functions(tree, "")


def _functions(node: ast.AST, within: str) -> Iterator[Place]:
    for child in ast.iter_child_nodes(node):
        name = f"{within}.{child.name}".strip(".") if isinstance(child, FUNCTIONS | ast.ClassDef) else within
        if isinstance(child, FUNCTIONS):
            once = any(mark in ast.unparse(each) for each in child.decorator_list for mark in ONCE)
            yield Place(name, child.body[0].lineno, child.end_lineno or child.lineno, once)
        yield from _functions(child, name)


def _dead(tree: ast.Module) -> Iterator[tuple[Position, Position]]:
    """Where annotations and log calls stand, and guards against the programmer: frozen classes, `strict` of a zip."""
    for node in ast.walk(tree):
        match node:
            case ast.arg(annotation=ast.expr() as found) | ast.AnnAssign(annotation=found):
                yield _span(found)
            case ast.FunctionDef(returns=ast.expr() as found) | ast.AsyncFunctionDef(returns=ast.expr() as found):
                yield _span(found)
            case ast.ClassDef(decorator_list=marks):
                yield from map(_span, marks)
            case ast.Call(func=ast.Name(id="zip"), keywords=[ast.keyword(arg="strict") as found]):
                yield _span(found)
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="log" | "logger")))):
                yield _span(node)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                yield _span(node)


def _span(node: ast.expr | ast.stmt | ast.keyword) -> tuple[Position, Position]:
    return (node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0)
