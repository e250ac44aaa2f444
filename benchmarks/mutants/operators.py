"""Which faults are planted: cosmic-ray's nearest neighbours, and what people forget: steps, filters, arguments."""

from collections.abc import Iterator
from typing import Any

import parso
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator

Span = tuple[tuple[int, int], tuple[int, int]]

NEIGHBOURS = {
    "boundary": ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt"),
    "comparison": ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is", "Lt_GtE", "LtE_Gt", "Gt_LtE", "GtE_Lt"),
    "arithmetic": (
        "Add_Sub",
        "Sub_Add",
        "Mul_FloorDiv",
        "Div_Mul",
        "FloorDiv_Mul",
        "Mod_Mul",
        "BitOr_BitAnd",
        "BitAnd_BitOr",
    ),
}
"""By family, what is taken for what. Farther replacements fail in any test that passes by, and would flatter it."""
ALONE = {
    "condition": ("AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnaryOperator_Delete_Not"),
    "constant": ("NumberReplacer", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    "loop": ("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    "failure": ("ExceptionReplacer",),
}


class Planted(Operator):
    """A fault of our own: `places` finds it in a node, `plant` makes it at the one of that number."""

    def places(self, node: Any) -> Iterator[Any]:
        raise NotImplementedError

    def plant(self, node: Any, place: Any) -> Any:
        raise NotImplementedError

    def mutation_positions(self, node: Any) -> Iterator[Span]:
        for place in self.places(node):
            yield place.start_pos, place.end_pos

    def mutate(self, node: Any, index: int) -> Any:
        return self.plant(node, list(self.places(node))[index])

    @classmethod
    def examples(cls) -> tuple[()]:
        return ()


class Forget(Planted):
    """A step that is left out: a call, a yield, a raise, or an addition to a variable."""

    def places(self, node: Any) -> Iterator[Any]:
        if node.type == "simple_stmt" and self._is_step(node.children[0]):
            yield node.children[0]

    def plant(self, node: Any, place: Any) -> Any:
        nothing = "yield from ()" if place.type == "yield_expr" else "pass"
        node.children[0] = _parsed(nothing, place)
        return node

    @staticmethod
    def _is_step(node: Any) -> bool:
        if node.type == "expr_stmt":
            return len(node.children) == 3 and str(getattr(node.children[1], "value", "")) in {"+=", "-=", "|=", "&="}
        return node.type in {"atom_expr", "power", "yield_expr", "raise_stmt"}


class Admit(Planted):
    """A filter of a comprehension that lets everything through."""

    def places(self, node: Any) -> Iterator[Any]:
        if node.type == "comp_if":
            yield node.children[1]

    def plant(self, node: Any, place: Any) -> Any:
        node.children[1] = _parsed("True", place)
        return node


class Turn(Planted):
    """`in` for `not in`, and the other way round."""

    def places(self, node: Any) -> Iterator[Any]:
        if node.type == "comparison":
            yield from (sign for sign in node.children[1::2] if sign.get_code().split() in (["in"], ["not", "in"]))

    def plant(self, node: Any, place: Any) -> Any:
        other = "in" if "not" in place.get_code() else "not in"
        node.children[node.children.index(place)] = _parsed(other, place)
        return node


class Omit(Planted):
    """A named argument of a call that is not given."""

    def places(self, node: Any) -> Iterator[Any]:
        if node.type == "arglist" and node.parent.type == "trailer":
            yield from (each for each in node.children if self._is_named(each))
        elif node.type == "trailer" and self._is_named(node.children[1]):
            yield node.children[1]

    def plant(self, node: Any, place: Any) -> Any:
        at = node.children.index(place)
        # With its comma, before or behind it; alone it has none.
        comma = (
            slice(at - 1, at + 1) if node.type == "arglist" and at else slice(at, at + 1 + (node.type == "arglist"))
        )
        del node.children[comma]
        return node

    @staticmethod
    def _is_named(node: Any) -> bool:
        return node.type == "argument" and len(node.children) == 3 and node.children[1] == "="


def _parsed(code: str, place: Any) -> Any:
    return parso.parse(place.get_first_leaf().prefix + code)


def operators() -> Iterator[tuple[str, Operator]]:
    """Every fault with the name of its family."""
    for family, names in NEIGHBOURS.items():
        kind = "ReplaceBinaryOperator" if family == "arithmetic" else "ReplaceComparisonOperator"
        yield from ((family, get_operator(f"core/{kind}_{name}")()) for name in names)
    for family, names in ALONE.items():
        yield from ((family, get_operator(f"core/{name}")()) for name in names)
    yield from (("step", Forget()), ("filter", Admit()), ("condition", Turn()), ("argument", Omit()))
