"""A condition ready to be asked: what is unknown never makes it true, and what it needs to be true is known.

zen stops at a comparison with null. Conditions are therefore brought into a form without `not` before anything but a
list, and each comparison is guarded: `not (egfr < 30)` is asked as `egfr != null and egfr >= 30`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bedside.errors import UsageError
from bedside.lang import tr
from bedside.rules._syntax import Call, Listed, Literal, Name, Node, Not, Operation, parse

Key = tuple[str, str]
"""A thing that a context holds: ("takes", "warfarin"), ("labs", "potassium"), ("age", "")."""

_OF_PATIENT = ("has", "takes", "allergic", "allergic_severe", "allergic_named", "intolerant")
_OF_PROPOSAL = ("proposed", "systemic", "stopped", "avoided", "procedures", "says")
LISTS = frozenset((*_OF_PATIENT, *_OF_PROPOSAL, "all", "twice"))
NUMBERS = frozenset(("age", "weight", "height", "bmi", "egfr", "crcl"))
TRUTHS = frozenset(("pregnant", "breastfeeding"))
TEXTS = frozenset(("sex", "lang"))
TABLES = frozenset(("labs", "trend", "dose"))
_CONTRARY = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">", "in": "not in", "not in": "in"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition; `needs`: from each of these sets a context must hold one key, or it cannot be true."""

    written: str
    asked: str
    needs: tuple[frozenset[Key], ...]
    compiled: Any

    def holds(self, context: dict[str, Any]) -> bool:
        """Is it true of a context? Raises what zen raises where that cannot be worked out."""
        return self.compiled.evaluate(context) is True


def compile_expression(written: str) -> Expression:
    """A condition as it is written in a rule file, compiled once.

    >>> one = compile_expression("egfr < 30 and 'metformin' in proposed")
    >>> one.asked
    "((egfr != null and egfr < 30) and ('metformin' in proposed))"
    >>> one.holds({"egfr": None, "proposed": ["metformin"]}), one.holds({"egfr": 25, "proposed": ["metformin"]})
    (False, True)

    Raises UsageError for what is not of the language, RuntimeError for what zen refuses.
    """
    import zen

    tree = _plain(parse(written), true=True)
    asked = _zen(tree)
    return Expression(written, asked, _needs(tree), zen.compile_expression(asked))


def names(node: Node) -> list[str]:
    """Every name of the context that a condition asks for."""
    if isinstance(node, Name):
        return [] if node.path.startswith("#") else [node.path]
    return [name for part in _parts(node) for name in names(part)]


def literals(node: Node) -> list[tuple[str, str]]:
    """Each text that is looked for in a list, with the list: the ids that must exist."""
    if isinstance(node, Operation) and node.sign in ("in", "not in") and isinstance(node.right, Name):
        return [(node.right.path, text) for text in _texts(node.left)]
    if isinstance(node, Call):
        named = [one.path for one in _searched(node.test)]
        if isinstance(node.over, Listed):
            return [(name, text) for name in named for text in _texts(node.over)]
        if isinstance(node.over, Name):
            return [(node.over.path, text) for text in _asked_of_item(node.test)]
    return [found for part in _parts(node) for found in literals(part)]


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Operation(_, left, right):
            return left, right
        case Call(_, over, test):
            return over, test
        case Listed(items):
            return items
        case Not(of):
            return (of,)
    return ()


def _searched(test: Node) -> list[Name]:
    """The lists in which a closure looks for its item."""
    if isinstance(test, Operation) and test.sign == "in" and test.left == Name("#"):
        return [test.right] if isinstance(test.right, Name) else []
    return [name for part in _parts(test) for name in _searched(part)]


def _asked_of_item(test: Node) -> list[str]:
    """The texts that a closure compares its item with."""
    if isinstance(test, Operation) and test.left == Name("#") and test.sign in ("in", "==", "!=", "not in"):
        return _texts(test.right)
    return [text for part in _parts(test) for text in _asked_of_item(part)]


def _texts(node: Node) -> list[str]:
    if isinstance(node, Literal):
        return [node.text] if node.text is not None else []
    return [text for item in node.items for text in _texts(item)] if isinstance(node, Listed) else []


def _plain(node: Node, *, true: bool) -> Node:
    """The same, or the contrary, with `not` nowhere but in `not in`."""
    match node:
        case Not(of):
            return _plain(of, true=not true)
        case Operation("and" | "or" as sign, left, right):
            other = {"and": "or", "or": "and"}[sign]
            return Operation(sign if true else other, _plain(left, true=true), _plain(right, true=true))
        case Operation(sign, left, right) if sign in _CONTRARY:
            return Operation(sign if true else _CONTRARY[sign], left, right)
        case Call(_, _, test) if set(names(test)) - LISTS:
            raise UsageError(tr("a test over a list may ask only of its item (#)", "列表条件只能判断其元素（#）"))
        case Call("some" | "none" as function, over, test):
            kept = function if true else {"some": "none", "none": "some"}[function]
            return Call(kept, over, _plain(test, true=True))
        case Name() if node.path in TRUTHS:
            return Operation("==", node, Literal("true" if true else "false"))
    if not true:
        raise UsageError(tr("`not` stands before what is neither true nor false", "not 之后须为可真可假的条件"))
    return node


def _zen(node: Node) -> str:
    match node:
        case Literal(written):
            return written
        case Name(path):
            return path
        case Listed(items):
            return f"[{', '.join(map(_zen, items))}]"
        case Call(function, over, test):
            return f"{function}({_zen(over)}, {_zen(test)})"
        case Operation("<" | "<=" | ">" | ">=" | "!=" as sign, left, right) if Literal("null") not in (left, right):
            known = [f"{name} != null and " for name in dict.fromkeys((*names(left), *names(right)))]
            return f"({''.join(known)}{_zen(left)} {sign} {_zen(right)})"
        case Operation(sign, left, right):
            return f"({_zen(left)} {sign} {_zen(right)})"
    raise TypeError(type(node).__name__)


def _needs(node: Node) -> tuple[frozenset[Key], ...]:
    """Sets of keys, of each of which a context must hold one for the condition to be true; none: nothing is known."""
    match node:
        case Operation("and", left, right):
            return (*_needs(left), *_needs(right))
        case Operation("or", left, right):
            return _either(_needs(left), _needs(right))
        case Operation("in", Literal() as left, Name(path)) if path in LISTS and left.text is not None:
            return (frozenset([(path, left.text)]),)
        case Operation("<" | "<=" | ">" | ">=", left, right):
            return tuple(frozenset([key_of(name)]) for name in (*names(left), *names(right)))
        case Operation("==", Name(path), Literal(written)) if path in TEXTS | TRUTHS and written != "null":
            return (frozenset([(path, written.strip("'\""))]),)
        case Call("some", Listed() as over, Operation("in", Name("#"), Name(path))) if path in LISTS:
            return (frozenset((path, text) for text in _texts(over)),)
        case Call("some", Name(path), Operation("in", Name("#"), Listed() as among)) if path in LISTS:
            return (frozenset((path, text) for text in _texts(among)),)
    return ()


def _either(left: tuple[frozenset[Key], ...], right: tuple[frozenset[Key], ...]) -> tuple[frozenset[Key], ...]:
    """What two alternatives need between them: a key of the one's smallest set or of the other's."""
    if not left or not right:
        return ()
    return (best(left) | best(right),)


def best(needs: tuple[frozenset[Key], ...]) -> frozenset[Key]:
    """The most telling of some sets of keys: what is proposed tells more than what is taken, and that than an age."""
    return min(needs, key=lambda keys: (max(_RANK.get(name, 9) for name, _ in keys), len(keys)))


_RANK = {
    "proposed": 0,
    "systemic": 0,
    "dose": 0,
    "procedures": 0,
    "says": 0,
    "stopped": 0,
    "twice": 0,
    "allergic_severe": 1,
}
_RANK |= {
    "allergic": 1,
    "trend": 1,
    "avoided": 1,
    "all": 2,
    "takes": 3,
    "has": 3,
    "labs": 4,
    "pregnant": 4,
    "breastfeeding": 4,
    "sex": 6,
}


def key_of(name: str) -> Key:
    """The key that a name of the context stands for.

    >>> key_of("labs.potassium"), key_of("dose.metformin.mg_per_day"), key_of("age")
    (('labs', 'potassium'), ('dose', 'metformin'), ('age', ''))
    """
    table, _, rest = name.partition(".")
    return table, rest.split(".")[0]
