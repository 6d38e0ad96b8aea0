"""A cohort from the trials' side: how many charts may fit each, which come first, what to ask; in bounded memory."""

from __future__ import annotations

import hashlib
import heapq
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bedside.lang import counted, tr

KEPT = 25
"""Charts of a trial that are kept with their criteria, the best ones."""
MOST_QUESTIONS = 2000
"""Different questions counted for a trial."""
_PLACE = {"eligible": 2.0, "possibly": 1.0, "not eligible": 0.0}


@dataclass
class Side:
    """One trial: counts, its best charts with what was said of them, the criteria that fail, what to ask."""

    title: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    failing: Counter[str] = field(default_factory=Counter)
    questions: Counter[str] = field(default_factory=Counter)
    best: list[tuple[float, int, str, dict[str, Any]]] = field(default_factory=list)

    def ranked(self) -> list[tuple[str, dict[str, Any]]]:
        """The best charts, the first first."""
        return [(id, said) for _, _, id, said in sorted(self.best, key=lambda one: (-one[0], -one[1]))]


class Cohort:
    """Sees the line of each chart as it is written."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.sides = {id: Side(title) for id, title in titles.items()}
        self.charts = self.failed = self.repeated = 0
        self._ids: set[bytes] = set()
        self.refused: list[tuple[str, str]] = []

    def see(self, line: Mapping[str, Any]) -> None:
        """Count one chart."""
        self.charts += 1
        self.repeated += self._came_before(str(line["id"]))
        if "error" in line:
            self.failed += 1
            if len(self.refused) < KEPT:
                self.refused.append((str(line["id"]), str(line["error"])))
            return
        for said in line["trials"]:
            if said["trial"] in self.sides:
                self._count(self.sides[said["trial"]], str(line["id"]), said)

    def read(self, out: Path, advance: Callable[[], Any]) -> None:
        """Count the charts of a file that was written."""
        with out.open(encoding="utf-8", errors="surrogatepass") as lines:
            for line in lines:
                self.see(json.loads(line))
                advance()

    def repeated_said(self) -> str:
        """That ids came more than once, in words; nothing where none did."""
        if not self.repeated:
            return ""
        en = f"{counted(self.repeated, 'chart')} with an id that came before: a patient may be counted twice."
        return tr(en, f"{self.repeated} 份病历的编号重复出现：同一患者可能被重复计数。")

    def told(self) -> dict[str, Any]:
        """The counts of each trial, its best charts by id, and what to ask most often."""
        return {
            id: {
                **{name.replace(" ", "_"): side.counts[name] for name in _PLACE},
                "first": [chart for chart, said in side.ranked() if said["eligibility"] != "not eligible"][:10],
                "ask": [{"ask": ask, "charts": count} for ask, count in side.questions.most_common(10)],
            }
            for id, side in self.sides.items()
        }

    def _came_before(self, id: str) -> bool:
        """Whether a chart of that id was seen; 8 bytes of its hash are kept."""
        known, kept = len(self._ids), hashlib.blake2b(id.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self._ids.add(kept)
        return len(self._ids) == known

    def _count(self, side: Side, id: str, said: dict[str, Any]) -> None:
        eligibility = said["eligibility"]
        side.counts[eligibility] += 1
        asked = set()
        for one in said["criteria"]:
            if one["verdict"] == "not met":
                side.failing[one["text"]] += 1
            elif one["verdict"] == "unknown" and eligibility == "possibly":
                asked.update(one["ask"])
        for ask in asked:
            if ask in side.questions or len(side.questions) < MOST_QUESTIONS:
                side.questions[ask] += 1
        entry = (_PLACE[eligibility] + said["score"] * 0.99, -self.charts, id, said)
        if len(side.best) < KEPT:
            heapq.heappush(side.best, entry)
        elif entry[:2] > side.best[0][:2]:
            heapq.heapreplace(side.best, entry)
