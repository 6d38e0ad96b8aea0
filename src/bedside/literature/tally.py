"""What many papers come to: years, designs, terms, kinds of figures, what is flagged; counted in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bedside.literature.terms import key_of

MOST_KEYS = 100_000
"""Different terms or outcomes counted at once; beyond, those seen once are forgotten (so small counts are at least)."""
SHOWN = 60
"""Flagged figures kept for the report."""


@dataclass
class Tally:
    """Counts over lines of `analysis.line_of`."""

    papers: int = 0
    failed: int = 0
    without_abstract: int = 0
    retracted: int = 0
    persons: int = 0
    years: Counter[int] = field(default_factory=Counter)
    designs: Counter[str] = field(default_factory=Counter)
    journals: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    topics_by: Counter[str] = field(default_factory=Counter)
    terms: Counter[str] = field(default_factory=Counter)
    roles: Counter[str] = field(default_factory=Counter)
    roles_by: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    relations: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    flagged: list[dict[str, Any]] = field(default_factory=list)
    retractions: list[dict[str, Any]] = field(default_factory=list)
    _shown: dict[str, str] = field(default_factory=dict, repr=False)

    def add(self, line: Mapping[str, Any]) -> None:
        """One paper's line; one that failed counts as that alone."""
        self.papers += 1
        if "error" in line:
            self.failed += 1
            return
        self.without_abstract += line["text"] == line["title"]
        if line["year"]:
            self.years[line["year"]] += 1
        self.designs[line["design"]["name"]] += 1
        self.journals.update([line["journal"]] if line["journal"] else [])
        self.topics.update(line["topics"])
        self.topics_by[line["topics_by"]] += 1
        self.roles.update(one["role"] for one in line["roles"])
        self.roles_by.update(one["by"] for one in line["roles"])
        self.kinds.update(one["kind"] for one in line["numbers"])
        self.relations.update(f"{one['relation']} ({one['polarity']})" for one in line["edges"])
        for term in {key_of(one["text"]): one["text"] for one in line["terms"]}.items():
            self._shown.setdefault(*term)
            self.terms[term[0]] += 1
        if line["sample_size"]:
            self.persons += line["sample_size"]["value"]
        self._doubts(line)
        for counter in (self.terms, self.topics, self.journals):
            _pruned(counter)
        if len(self._shown) > 2 * MOST_KEYS:
            self._shown = {key: said for key, said in self._shown.items() if key in self.terms}

    def _doubts(self, line: Mapping[str, Any]) -> None:
        if line["retracted"]:
            self.retracted += 1
            if len(self.retractions) < SHOWN:
                self.retractions.append({"id": line["id"], "title": line["title"], "why": line["retracted"]})
        for one in line["numbers"]:
            for flag in one.get("flags", ()):
                self.flags[flag] += 1
                if len(self.flagged) < SHOWN:
                    start, end = one["sentence"]
                    said = line["text"][start:end]
                    self.flagged.append({"id": line["id"], "flag": flag, "figure": one["shown"], "sentence": said})

    def told(self) -> dict[str, Any]:
        """The counts as report.json holds them, the most frequent first."""
        return {
            "papers": self.papers,
            "failed": self.failed,
            "without_abstract": self.without_abstract,
            "retracted": self.retracted,
            "retractions": self.retractions,
            "persons": self.persons,
            "years": dict(sorted(self.years.items())),
            "designs": dict(self.designs.most_common()),
            "journals": dict(self.journals.most_common(20)),
            "topics": dict(self.topics.most_common(30)),
            "topics_by": dict(self.topics_by),
            "terms": {self._shown.get(key, key): number for key, number in self.terms.most_common(40)},
            "roles": dict(self.roles.most_common()),
            "roles_by": dict(self.roles_by),
            "figures": dict(self.kinds.most_common()),
            "relations": dict(self.relations.most_common(20)),
            "flags": dict(self.flags.most_common()),
            "flagged": self.flagged,
        }


def _pruned(counter: Counter[str]) -> None:
    if len(counter) > MOST_KEYS:
        for key in [one for one, number in counter.items() if number == 1]:
            del counter[key]
