"""A strict reader of the Turtle 1.1 that the export uses: triples, by the productions of the W3C grammar.

No blank nodes, collections or long strings: the export writes none. What the grammar does not allow is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

Node = tuple[str, ...]
"""("iri", text), or ("literal", text, language or datatype)."""
_HEX = "[0-9A-Fa-f]"
_UCHAR = rf"\\u{_HEX}{{4}}|\\U{_HEX}{{8}}"
_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u3001-\ud7ff"
_TOKEN = re.compile(
    rf"(?P<iri><(?:[^\x00-\x20<>\"{{}}|^`\\]|{_UCHAR})*>)"
    rf"|(?P<text>\"(?:[^\"\\\n\r]|\\[tbnrf\"'\\]|{_UCHAR})*\")"
    r"|(?P<lang>@(?!prefix\b)[A-Za-z]+(?:-[A-Za-z0-9]+)*)"
    r"|(?P<prefix>@prefix\b)"
    r"|(?P<type>\^\^)"
    r"|(?P<bool>true\b|false\b)"
    rf"|(?P<name>[A-Za-z][\w-]*:(?:(?:[{_LETTER}0-9_]|%{_HEX}{{2}})(?:[{_LETTER}0-9_-]|%{_HEX}{{2}})*)?)"
    r"|(?P<a>a(?=\s))"
    r"|(?P<number>[+-]?\d+(?![\w.]*\d))"
    r"|(?P<mark>[.;,])"
)
_ESCAPE = re.compile(rf"{_UCHAR}|\\(.)")
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
XSD = "http://www.w3.org/2001/XMLSchema#"


def read(document: str) -> Iterator[tuple[Node, Node, Node]]:
    """The triples; ValueError for what is no Turtle."""
    return _Document(document).triples()


class _Document:
    def __init__(self, document: str) -> None:
        self.tokens = list(_tokens(document))
        self.at = 0
        self.prefixes: dict[str, str] = {}

    def triples(self) -> Iterator[tuple[Node, Node, Node]]:
        while self.at < len(self.tokens):
            if self.next() == "prefix":
                self.prefix()
                continue
            subject, end = self.node("iri", "name"), ";"
            while end == ";":
                predicate, end = self.node("iri", "name", "a"), ","
                while end == ",":
                    yield subject, predicate, self.node("iri", "name", "text", "number", "bool")
                    end = self.take("mark")

    def prefix(self) -> None:
        self.take("prefix")
        name = self.take("name").removesuffix(":")
        self.prefixes[name] = self.node("iri")[1]
        if self.take("mark") != ".":
            raise ValueError("a prefix ends with a full stop")

    def next(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def take(self, *kinds: str) -> str:
        if self.next() not in kinds:
            raise ValueError(f"wanted {kinds}, found {self.tokens[self.at : self.at + 1]}")
        self.at += 1
        return self.tokens[self.at - 1][1]

    def node(self, *kinds: str) -> Node:
        kind, said = self.next(), self.take(*kinds)
        if kind == "iri":
            return ("iri", _unescaped(said[1:-1]))
        if kind == "name":
            prefix, local = said.split(":", 1)
            return ("iri", self.prefixes[prefix] + local)
        if kind == "a":
            return ("iri", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        if kind in ("number", "bool"):
            return ("literal", said, XSD + ("integer" if kind == "number" else "boolean"))
        return ("literal", _unescaped(said[1:-1]), self.type())

    def type(self) -> str:
        if self.next() == "lang":
            return self.take("lang")
        if self.next() == "type":
            self.take("type")
            return self.node("iri", "name")[1]
        return f"{XSD}string"


def _tokens(document: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(document):
        if document[at] in " \t\r\n":
            at += 1
            continue
        match = _TOKEN.match(document, at)
        if match is None:
            raise ValueError(f"no Turtle at {at}: {document[at : at + 40]!r}")
        yield str(match.lastgroup), match[0]
        at = match.end()


def _unescaped(said: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match[1]:
            return _PLAIN.get(match[1], match[1])
        return chr(int(match[0][2:], 16))

    return _ESCAPE.sub(one, said)
