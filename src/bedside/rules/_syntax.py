"""The part of zen's expression language that a rule's condition may use, read into a tree.

    or and not   == != < <= > >= in, not in   + - * /   some(list, test) none(list, test) count(list, test)   # the item

Texts stand in quotes, lists in brackets. https://docs.gorules.io/reference/expression-language has the whole language;
what is left out of it here has no use in a rule, and what a rule needs can be proved of the tree that remains.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.errors import UsageError
from bedside.lang import tr

CLOSURES = ("some", "none", "count")
_TOKEN = re.compile(r"""\s*(?:('[^']*'|"[^"]*")|(\d+(?:\.\d+)?)|([A-Za-z_][\w.]*)|(==|!=|<=|>=|[-+*/<>()\[\],#]))""")
_COMPARED = ("==", "!=", "<=", ">=", "<", ">")


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true, false or null, as written in zen."""

    written: str

    @property
    def text(self) -> str | None:
        """What stands between the quotes; None for what is no text.

        >>> Literal("'nsaid'").text, Literal("30").text
        ('nsaid', None)
        """
        return self.written[1:-1] if self.written[0] in "'\"" else None


@dataclass(frozen=True, slots=True)
class Name:
    """A name of the context, with its parts: `age`, `labs.potassium`; `#` is the item of a closure."""

    path: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A closure over a list: `some(['a', 'b'], # in takes)`."""

    function: str
    over: Node
    test: Node


@dataclass(frozen=True, slots=True)
class Operation:
    """Two sides and what stands between: and, or, a comparison, in, not in, arithmetic."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Not:
    """The contrary."""

    of: Node


Node = Literal | Name | Listed | Call | Operation | Not


def parse(text: str) -> Node:
    """The tree of a condition.

    >>> parse("age < 12")
    Operation(sign='<', left=Name(path='age'), right=Literal(written='12'))

    Raises UsageError, with the place, for what is not of the language.
    """
    reader = _Reader(text)
    node = reader.either()
    if reader.next is not None:
        raise reader.fault()
    return node


class _Reader:
    """Reads from left to right, one word ahead."""

    def __init__(self, text: str) -> None:
        self._text, self._at, self._from = text, 0, 0
        self.next: str | None = None
        self._step()

    def fault(self) -> UsageError:
        """What is said where nothing fits."""
        what = tr("cannot read the condition here", "条件在此处无法读取")
        return UsageError(what, where=tr(f"character {self._from + 1}", f"第 {self._from + 1} 个字符"), value=self.next)

    def either(self) -> Node:
        """Conditions with `or` between."""
        node = self._both()
        while self._took("or"):
            node = Operation("or", node, self._both())
        return node

    def _both(self) -> Node:
        node = self._denied()
        while self._took("and"):
            node = Operation("and", node, self._denied())
        return node

    def _denied(self) -> Node:
        return Not(self._denied()) if self._took("not") else self._compared()

    def _compared(self) -> Node:
        left = self._sum()
        if self._took("not"):
            self._expect("in")
            return Operation("not in", left, self._sum())
        for sign in ("in", *_COMPARED):
            if self._took(sign):
                return Operation(sign, left, self._sum())
        return left

    def _sum(self) -> Node:
        node = self._product()
        while self.next in ("+", "-"):
            node = Operation(self._step(), node, self._product())
        return node

    def _product(self) -> Node:
        node = self._atom()
        while self.next in ("*", "/"):
            node = Operation(self._step(), node, self._atom())
        return node

    def _atom(self) -> Node:
        word = self.next or ""
        if word == "(":
            self._step()
            node = self.either()
            self._expect(")")
            return node
        if word == "[":
            return self._list()
        if word in CLOSURES:
            return self._closure()
        if not word or (not re.match(r"[\w'\"#]", word)) or word in ("and", "or", "in", "not"):
            raise self.fault()
        self._step()
        return Name(word) if re.match(r"[A-Za-z_#]", word) and not _is_constant(word) else Literal(word)

    def _list(self) -> Node:
        self._expect("[")
        items = [] if self.next == "]" else [self._atom()]
        while self._took(","):
            items.append(self._atom())
        self._expect("]")
        return Listed(tuple(items))

    def _closure(self) -> Node:
        function = self._step()
        self._expect("(")
        over = self._atom()
        self._expect(",")
        test = self.either()
        self._expect(")")
        return Call(function, over, test)

    def _took(self, word: str) -> bool:
        if self.next != word:
            return False
        self._step()
        return True

    def _expect(self, word: str) -> None:
        if not self._took(word):
            raise self.fault()

    def _step(self) -> str:
        """The word that was next; the one behind it is read."""
        was = self.next or ""
        rest = self._text[self._at :]
        self._from = self._at + len(rest) - len(rest.lstrip())
        found = _TOKEN.match(self._text, self._at)
        self.next = found[found.lastindex or 0] if found else rest.strip()[:1] or None
        self._at = found.end() if found else self._from + 1
        return was


def _is_constant(word: str) -> bool:
    return word in ("true", "false", "null")
