"""As much of PromQL as the shipped rules and panels use: parsed whole, and worked out over made-up series.

`promtool` is no Python package. This reads a subset strictly (anything else is an error), and takes `increase` as the
difference of the last and the first value in the range, without Prometheus' extrapolation to its edges.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)(?![\w:])|(?P<range>\d+[smhd])|(?P<name>[a-zA-Z_:][\w:]*)|"
    r'(?P<text>"[^"]*")|(?P<op>=~|!~|!=|==|>=|<=|[-+*/(){}\[\],=<>]))'
)
UNITS = {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}
AGGREGATES: dict[str, Callable[[list[float]], float]] = {"sum": sum, "max": max, "min": min, "count": len}
Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
Series = Mapping[tuple[str, Labels], list[float | None]]
"""A value a minute."""


@dataclass
class Query:
    """A parsed expression: the metrics it reads, and how it is worked out over series at a minute."""

    at: Callable[[Series, int], Vector | float]
    metrics: dict[str, set[str]] = field(default_factory=dict)
    """Each with the labels that it is asked by."""


def parse(text: str) -> Query:
    """The expression; ValueError for one that is wrong, or uses what is not known here."""
    reader = _Reader(text)
    found = reader.comparison()
    if reader.at < len(reader.tokens):
        raise ValueError(f"not read to its end: {reader.tokens[reader.at]}")
    return Query(found, reader.metrics)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens, self.at, place = [], 0, 0
        self.metrics: dict[str, set[str]] = {}
        while place < len(text.rstrip()):
            if (found := TOKEN.match(text, place)) is None:
                raise ValueError(f"not PromQL: {text[place : place + 20]}")
            self.tokens.append((str(found.lastgroup), found[str(found.lastgroup)]))
            place = found.end()

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *wanted: str) -> str:
        word = self.peek()
        if not word or (wanted and word not in wanted):
            raise ValueError(f"{word or 'the end'} instead of {wanted}")
        self.at += 1
        return word

    def comparison(self) -> Callable[[Series, int], Vector | float]:
        left = self.product()
        if self.peek() not in (">", "<", ">=", "<=", "==", "!="):
            return left
        op, right = self.take(), self.product()
        holds = {">": float.__gt__, "<": float.__lt__, ">=": float.__ge__, "<=": float.__le__,
                 "==": float.__eq__, "!=": float.__ne__}[op]  # fmt: skip

        def kept(series: Series, minute: int) -> Vector:
            vector, bound = left(series, minute), right(series, minute)
            assert isinstance(vector, dict)
            assert isinstance(bound, float)
            return {labels: value for labels, value in vector.items() if holds(float(value), bound)}

        return kept

    def product(self) -> Callable[[Series, int], Vector | float]:
        found = self.primary()
        while self.peek() in ("/", "*"):
            op, left, right = self.take(), found, self.primary()

            def both(series: Series, minute: int, op: str = op, left: object = left, right: object = right) -> Vector:
                a, b = left(series, minute), right(series, minute)  # type: ignore[operator]
                pairs = {labels: (a[labels], b[labels]) for labels in a if labels in b}
                return {labels: x / y if op == "/" else x * y for labels, (x, y) in pairs.items() if op == "*" or y}

            found = both
        return found

    def primary(self) -> Callable[[Series, int], Vector | float]:
        kind, word = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if word == "(":
            self.take("(")
            inner = self.comparison()
            self.take(")")
            return inner
        self.take()
        if kind == "number":
            return lambda series, minute: float(word)
        if kind != "name":
            raise ValueError(f"unexpected {word}")
        if word in AGGREGATES or word == "topk":
            return self.aggregate(word)
        if word == "histogram_quantile":
            self.take("(")
            share = self.primary()
            self.take(",")
            buckets = self.comparison()
            self.take(")")
            return lambda series, minute: quantile(float(share(series, minute)), buckets(series, minute))  # type: ignore[arg-type]
        if word in ("rate", "increase"):
            self.take("(")
            name, matchers = self.selector(self.take())
            self.take("[")
            back = self.take()
            self.take("]")
            self.take(")")
            minutes = float(back[:-1]) * UNITS[back[-1]]
            return lambda series, minute: grown(series, name, matchers, minute, minutes, per_second=word == "rate")
        name, matchers = self.selector(word)
        return lambda series, minute: now(series, name, matchers, minute)

    def aggregate(self, word: str) -> Callable[[Series, int], Vector | float]:
        by: tuple[str, ...] = self.names() if self.peek() == "by" and self.take("by") else ()
        self.take("(")
        if word == "topk":
            self.primary()
            self.take(",")
        inner = self.comparison()
        self.take(")")
        if self.peek() == "by":
            self.take("by")
            by = self.names()

        def together(series: Series, minute: int) -> Vector:
            vector = inner(series, minute)
            assert isinstance(vector, dict)
            if word == "topk":
                return vector
            groups: dict[Labels, list[float]] = {}
            for labels, value in vector.items():
                groups.setdefault(frozenset(one for one in labels if one[0] in by), []).append(value)
            return {labels: AGGREGATES[word](values) for labels, values in groups.items()}

        return together

    def names(self) -> tuple[str, ...]:
        self.take("(")
        found = [self.take()]
        while self.peek() == ",":
            self.take(",")
            found.append(self.take())
        self.take(")")
        return tuple(found)

    def selector(self, name: str) -> tuple[str, list[tuple[str, str, str]]]:
        matchers = []
        if self.peek() == "{":
            self.take("{")
            while self.peek() != "}":
                label, op, text = self.take(), self.take("=", "!=", "=~", "!~"), self.take()
                re.compile(text.strip('"'))
                matchers.append((label, op, text.strip('"')))
                if self.peek() == ",":
                    self.take(",")
            self.take("}")
        self.metrics.setdefault(name, set()).update(label for label, _, _ in matchers)
        return name, matchers


def matches(labels: Labels, matchers: list[tuple[str, str, str]]) -> bool:
    told = dict(labels)
    for label, op, text in matchers:
        whole = re.fullmatch(text, told.get(label, "")) is not None if "~" in op else told.get(label, "") == text
        if whole != (op in ("=", "=~")):
            return False
    return True


def now(series: Series, name: str, matchers: list[tuple[str, str, str]], minute: int) -> Vector:
    chosen = {
        labels: values[minute] for (metric, labels), values in series.items() if metric == name and minute < len(values)
    }
    return {labels: float(v) for labels, v in chosen.items() if v is not None and matches(labels, matchers)}


def grown(
    series: Series, name: str, matchers: list[tuple[str, str, str]], minute: int, minutes: float, *, per_second: bool
) -> Vector:
    found = {}
    for (metric, labels), values in series.items():
        part = [v for v in values[max(0, int(minute - minutes)) : minute + 1] if v is not None]
        if metric == name and len(part) > 1 and matches(labels, matchers):
            found[labels] = (part[-1] - part[0]) / (minutes * 60 if per_second else 1)
    return found


def quantile(share: float, buckets: Vector) -> Vector:
    groups: dict[Labels, list[tuple[float, float]]] = {}
    for labels, count in buckets.items():
        edge = float(dict(labels)["le"])
        groups.setdefault(frozenset(one for one in labels if one[0] != "le"), []).append((edge, count))
    found = {}
    for labels, told in groups.items():
        edges, counts = zip(*sorted(told), strict=True)
        wanted = share * counts[-1]
        place = min(bisect_right(counts, wanted - 1e-9), len(edges) - 1)
        low = edges[place - 1] if place else 0.0
        before = counts[place - 1] if place else 0.0
        inside = counts[place] - before
        whole = edges[place] == float("inf") or not inside
        found[labels] = low if whole else low + (edges[place] - low) * (wanted - before) / inside
    return found
