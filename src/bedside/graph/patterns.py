"""Relations that a sentence says in so many words, from data/patterns.toml; lists of mentions are related as one."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import count, pairwise
from typing import Any, Literal, NamedTuple

Span = tuple[int, int]
Sure = Literal["affirmed", "negated", "uncertain"]
LONGEST = 140
"""Characters between two mentions at most."""
_PART = re.compile(r"\{([a-z]+)\}")
_JOINT = re.compile(
    r"\s*(?:,|/|、|;)?\s*(?:(?:and/or|and|or|as well as|以及|及|和|与|或|并)\s*)?"
    r"(?:(?:a|an|the|mild|severe|high|low)\s+)?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"'”’)]*\s+(?=[^a-z\s])|(?<=[。！？；;])|\n+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A wording: `between` fills what stands between two mentions; the head is the first or the second."""

    relation: str
    first_is_head: bool
    between: re.Pattern[str]
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None


class Said(NamedTuple):
    """The mention of number `head` is so related to that of number `tail`; `gap` is where the wording stands."""

    head: int
    relation: str
    tail: int
    sure: Sure
    gap: Span


@cache
def read_patterns() -> list[dict[str, Any]]:
    """The file as written, with its example sentences."""
    return list(_file()["pattern"])


@cache
def patterns() -> list[Pattern]:
    """All, in the order of the file: of two that fit the first is taken."""
    parts: dict[str, str] = {}
    for name, words in _file()["parts"].items():
        parts[name] = _filled(words, parts)
    found = []
    for one in read_patterns():
        between = _compiled([_filled(words, parts) for words in one["between"]])
        before, after = (re.compile(one[name], re.IGNORECASE) if name in one else None for name in ("before", "after"))
        found.append(Pattern(one["relation"], one["head"] == "first", between, before, after))
    return found


def sentences(text: str) -> list[Span]:
    """Where each sentence begins and ends.

    >>> text = "Gout hurts. 痛风很痛。是的"
    >>> [text[start:end] for start, end in sentences(text)]
    ['Gout hurts. ', '痛风很痛。', '是的']
    """
    cuts = [match.end() for match in _SENTENCE.finditer(text)]
    return [(start, end) for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True) if text[start:end].strip()]


def said(text: str, sentence: Span, mentions: Sequence[Span]) -> Iterator[Said]:
    """The relations between mentions (in order, without overlaps) of one sentence.

    >>> text = "Fever and cough are symptoms of influenza."
    >>> [(one.head, one.relation, one.tail) for one in said(text, (0, 42), [(0, 5), (10, 15), (32, 41)])]
    [(2, 'has_phenotype', 0), (2, 'has_phenotype', 1)]
    """
    groups = _groups(text, mentions)
    lone = [([one], [other]) for group in groups for one, other in pairwise(group)]
    for left, right in [*pairwise(groups), *lone]:
        gap = mentions[left[-1]][1], mentions[right[0]][0]
        if gap[1] - gap[0] > LONGEST:
            continue
        for pattern in patterns():
            found = _fits(pattern, text, sentence, gap, (mentions[left[0]][0], mentions[right[-1]][1]))
            if found is None:
                continue
            heads, tails = (left, right) if pattern.first_is_head else (right, left)
            for head in heads:
                for tail in tails:
                    yield Said(head, pattern.relation, tail, found, gap)
            break


def _groups(text: str, mentions: Sequence[Span]) -> list[list[int]]:
    """Mentions that are a list."""
    groups: list[list[int]] = []
    for number, (start, _) in enumerate(mentions):
        if groups and _JOINT.fullmatch(text, mentions[number - 1][1], start):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _fits(pattern: Pattern, text: str, sentence: Span, gap: Span, around: Span) -> Sure | None:
    match = pattern.between.fullmatch(text[slice(*gap)].strip())
    if match is None:
        return None
    if pattern.before and not pattern.before.search(text[sentence[0] : around[0]]):
        return None
    behind = pattern.after.match(text[around[1] : sentence[1]].lstrip()) if pattern.after else None
    if pattern.after and behind is None:
        return None
    parts = match.groupdict()
    names = {name.rstrip("0123456789_") for name, found in parts.items() if found}
    return "negated" if "no" in names else "uncertain" if "maybe" in names else "affirmed"


def _compiled(wordings: Sequence[str]) -> re.Pattern[str]:
    """Wordings as one pattern; a named group has a number of its own in each."""
    numbers = count()
    whole = "|".join(f"(?:{words})" for words in wordings)
    numbered = re.sub(r"\(\?P<(\w+)>", lambda match: f"(?P<{match[1]}_{next(numbers)}>", whole)
    return re.compile(numbered, re.IGNORECASE)


def _filled(words: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda match: parts[match[1]], words)


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("bedside.graph").joinpath("data/patterns.toml").read_text(encoding="utf-8"))
