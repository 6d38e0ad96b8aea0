"""What one passage says: its mentions, and the relations that its sentences, its title or heading, or a model make."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from bedside.cleaning.language import HAN
from bedside.graph import patterns
from bedside.graph._dictionary import Dictionary, Mention, longest
from bedside.graph._keys import key
from bedside.graph._writer import AFFIRMED, NEGATED, POLARITIES, UNCERTAIN
from bedside.graph.merging import MENTION, Merger
from bedside.graph.relations import TOGETHER, relations
from bedside.graph.structure import Below
from bedside.phenotypes._match_en import singular
from bedside.phenotypes.context import Context, contexts
from bedside.phenotypes.names import Names

VERSION = 1
"""Raised when passages are read otherwise, so that they are read anew at the next build."""
CROWD = 12
"""Mentions of a sentence at most of which pairs are kept as standing together."""
_ENTRY = re.compile(r"(?<=\s)(?:[-•*]|\d+(?:\.\d+)?%|\d+/\d+)(?=\s)|(?<=\s)[-•*](?=\w)")
"""What parts the entries of a list that stands in one line: "Absent nails - Cataract 5% Short stature"."""
_NO_FINDING = frozenset(["difficulty", "difficulties", "problem", "problems", "lack", "trouble", "troubles"])
"""Words that remain of a name such as "difficulty concentrating" once its small words are left out."""
_PAIRS = {
    frozenset(pair)
    for pair in (
        ("disease", "finding"),
        ("disease", "drug"),
        ("drug", "finding"),
        ("disease", "gene"),
        ("drug",),
        ("disease",),
        (MENTION, "finding"),
        (MENTION, "drug"),
        (MENTION, "disease"),
    )
}
_OFTEN = re.compile(
    r"\b(?:may|might|can|could|sometimes)\b(?=[^.!?]{0,30}?\b(?:have|has|develop|experience|include|cause|occur|appear|be|lead|"
    r"result|show|present|suffer|happen|start|feel|become)\b)|可能(?=会?(?:有|出现|引起|导致|伴|表现|发生))|可(?=有|出现|引起|导致|伴|见|发生)",
    re.IGNORECASE,
)
"""In a text about people in general these tell how often, not how sure."""


class Told(NamedTuple):
    """An edge that a passage is evidence for, by the numbers of its concepts."""

    head: int
    relation: str
    tail: int
    polarity: int
    how: str
    detail: str = ""
    place: tuple[int, int] | None = None


class Finder:
    """Mentions in a text: findings as phenotypes/ reads them, and the names of all other concepts."""

    def __init__(self, dictionary: Dictionary, names: Names | None, findings: Sequence[int]) -> None:
        self._dictionary, self._names, self._findings = dictionary, names, findings

    def find(self, text: str, short: dict[str, int]) -> list[Mention]:
        """In order, without overlaps; `short` are concepts of the abbreviations that the document defines."""
        found = self._dictionary.find(text)
        for name, concept in short.items():
            for match in re.finditer(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])", text):
                found.append(Mention(*match.span(), (concept,)))
        if self._names is not None:
            hits = self._names.english.find(text)
            hits += self._names.chinese.find(text) if HAN.search(text) else []
            found += [
                Mention(one.start, one.end, (self._findings[one.term],))
                for one in hits
                if not self._misread(text[one.start : one.end].casefold())
            ]
        return longest(found)

    def _misread(self, said: str) -> bool:
        """Does one word stand for a finding only by its stem, though it is a verb or a common word?"""
        if said in _NO_FINDING:
            return True
        verb = " " not in said and said.endswith(("ed", "ing"))
        return verb and self._names is not None and singular(said) not in self._names.english.alone


def extract(
    text: str, mentions: Sequence[Mention], merger: Merger, below: Below | None, subject: int | None
) -> Iterator[Told]:
    """The edges that a passage speaks for; `subject` is the concept of whom `below` says it is of."""
    if below is not None and below.relation and subject is not None and mentions:
        held = contexts(_settled(text), [(one.start, one.end) for one in mentions])
        own = key(below.subject)
        named = [(one, said) for one, said in zip(mentions, held, strict=True) if key(text[one.start : one.end]) != own]
        yield from _structured(named, merger, below, subject)
    for sentence, some in _by_sentence(text, mentions):
        yield from _stated(text, sentence, some, merger)
        for pair in combinations(some, 2) if len(some) <= CROWD else ():
            first, second = (_chosen(merger, one) for one in pair)
            if first != second and frozenset((merger.kind(first), merger.kind(second))) in _PAIRS:
                yield Told(first, TOGETHER, second, AFFIRMED, "together", place=sentence)
    if subject is not None:
        for one in mentions:
            if (other := _chosen(merger, one)) != subject:
                yield Told(subject, TOGETHER, other, AFFIRMED, "together", place=(one.start, one.end))


def polarity(context: Context) -> int | None:
    """Of a mention under a title; None for one that is another's."""
    if context.family:
        return None
    if context.negated:
        return NEGATED
    return UNCERTAIN if context.uncertain or context.hypothetical else AFFIRMED


def slot(merger: Merger, mention: Mention, kinds: Sequence[str]) -> int | None:
    """The concept of a mention that fits where only some kinds may stand; None for none."""
    fit = [one for one in mention.concepts if not kinds or merger.kind(one) in (*kinds, MENTION)]
    return merger.best(fit, kinds)[0] if fit else None


def stated_polarity(text: str, sentence: patterns.Span, spans: Sequence[patterns.Span], gap: patterns.Span) -> int:
    """What a sentence says of mentions beside the wording of the relation itself, which is blotted out."""
    start = sentence[0]
    said = _settled(text[start : gap[0]] + re.sub(r"\S", " ", text[slice(*gap)]) + text[gap[1] : sentence[1]])
    found = contexts(said, [(one - start, end - start) for one, end in spans])
    if any(one.negated for one in found):
        return NEGATED
    return UNCERTAIN if any(one.uncertain for one in found) else AFFIRMED


def _structured(named: Sequence[tuple[Mention, Context]], merger: Merger, below: Below, subject: int) -> Iterator[Told]:
    kind = relations()[below.relation]
    for one, context in named:
        other = slot(merger, one, kind.tails if below.subject_is_head else kind.heads)
        said = polarity(context)
        if other is None or other == subject or merger.kind(other) == MENTION or said is None:
            continue
        ends = (subject, other) if below.subject_is_head else (other, subject)
        yield Told(ends[0], below.relation, ends[1], said, "structure", place=(one.start, one.end))


def _stated(text: str, sentence: patterns.Span, some: Sequence[Mention], merger: Merger) -> Iterator[Told]:
    if len(some) < 2:
        return
    spans = [(one.start, one.end) for one in some]
    for one in patterns.said(text, sentence, spans):
        kind = relations()[one.relation]
        head, tail = slot(merger, some[one.head], kind.heads), slot(merger, some[one.tail], kind.tails)
        if head is None or tail is None or head == tail:
            continue
        said = POLARITIES[one.sure]
        if said == AFFIRMED:
            said = stated_polarity(text, sentence, (spans[one.head], spans[one.tail]), one.gap)
        yield Told(head, one.relation, tail, said, "pattern", text[slice(*one.gap)].strip()[:80], sentence)


def _by_sentence(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[patterns.Span, list[Mention]]]:
    spans = patterns.sentences(text)
    starts = [start for start, _ in spans]
    held: dict[int, list[Mention]] = {}
    for one in mentions:
        held.setdefault(bisect_right(starts, one.start) - 1, []).append(one)
    return ((spans[place], some) for place, some in held.items() if place >= 0)


def _chosen(merger: Merger, mention: Mention) -> int:
    return merger.best(mention.concepts, ("disease", "drug", "finding"))[0]


def _settled(text: str) -> str:
    """The text as its mentions' contexts are read: what tells how often is left out, each entry of a list is alone."""
    plain = _OFTEN.sub(lambda match: " " * len(match[0]), text)
    return _ENTRY.sub(lambda match: "\n" * len(match[0]), plain)
