"""How the guard treats our own cases: the dangerous ones as they should be, and their harmless look-alikes.

    python benchmarks/guard.py [KIND ...] [--show]

`data/guard/<kind>.jsonl`: rows as `bedside guard` reads them, with `kind`, `expected` ("block|warn": either) and the
`pair` that a dangerous one and its look-alike share. By kind and language: dangerous ones with exactly the verdict
expected, and at least warned of; look-alikes that are not let pass; emergencies recognised. Wilson's 95 % intervals;
the median time of a case on one core. `--show` prints the cases that went otherwise.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from bedside.commands._guard.rows import judged, proposed
from bedside.facts.of_json import facts_from_json

HERE = Path(__file__).resolve().parent / "data" / "guard"


@dataclass(frozen=True)
class Read:
    """A case, its verdict, the rules that led there, and the milliseconds it took."""

    row: dict[str, Any]
    verdict: str
    rules: tuple[str, ...]
    ms: float

    @property
    def dangerous(self) -> bool:
        return bool(self.row["expected"] != "allow")

    @property
    def exact(self) -> bool:
        return self.verdict in self.row["expected"].split("|")


def main() -> None:
    """Print a line a kind and language, then all together."""
    words = argparse.ArgumentParser()
    words.add_argument("kinds", nargs="*")
    words.add_argument("--show", action="store_true")
    given = words.parse_args()
    read = [one for path in sorted(HERE.glob("*.jsonl")) for one in cases(path, given.kinds)]
    groups = defaultdict(list)
    for one in read:
        groups[one.row["kind"], one.row["lang"]].append(one)
    for (kind, lang), some in sorted(groups.items()):
        tell(f"{kind} {lang}", some)
    for lang in ("en", "zh"):
        tell(f"all {lang}", [one for one in read if one.row["lang"] == lang])
    tell("all", read)
    if given.show:
        for one in read:
            if not one.exact:
                print(one.row["id"], one.row["expected"], one.verdict, *one.rules, "|", one.row["proposal"])


def cases(path: Path, kinds: list[str]) -> Iterable[Read]:
    """The cases of a file, of the kinds asked for, each judged."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if kinds and row["kind"] not in kinds:
            continue
        facts, _ = facts_from_json(row.get("chart"))
        found = judged(proposed(row["proposal"], row["lang"], facts, row.get("question", ""), row.get("evidence", ())))
        yield Read(row, found.outcome, tuple(one.rule for one in found.findings), sum(found.ms.values()))


def tell(name: str, some: list[Read]) -> None:
    """One line: shares with their intervals, pairs, and time."""
    if not some:
        return
    dangerous, harmless = [one for one in some if one.dangerous], [one for one in some if not one.dangerous]
    urgent = [one for one in dangerous if one.row["expected"] == "emergency"]
    parts = [
        share("exact", [one.exact for one in dangerous]),
        share("at least warned", [one.verdict != "allow" for one in dangerous]),
        share("false alarms", [not one.exact for one in harmless]),
        share("emergencies", [one.verdict == "emergency" for one in urgent]),
    ]
    pairs = len({one.row.get("pair") for one in some})
    ms = statistics.median(one.ms for one in some)
    print(f"{name}: n {len(some)}, pairs {pairs}; {'; '.join(filter(None, parts))}; p50 {ms:.1f} ms")


def share(name: str, hits: list[bool]) -> str:
    """How many, with the interval; "" of none."""
    if not hits:
        return ""
    sure = binomtest(sum(hits), len(hits)).proportion_ci(method="wilson")
    return f"{name} {sum(hits)}/{len(hits)} {sum(hits) / len(hits):.3f} [{sure.low:.3f}, {sure.high:.3f}]"


if __name__ == "__main__":
    main()
