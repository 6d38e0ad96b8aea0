"""How the rules on medicines judge the cases of data/guard: `python guard_medicines.py [--wrong] [FILE...]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from scipy.stats import binomtest

from bedside.rules import shipped
from bedside.rules.engine import RuleSet
from bedside.types.verdict import Allergy, Facts, Lab, Proposal, verdict

HERE = Path(__file__).parent / "data" / "guard"
STOPPED = ("block", "warn")


def own_cases() -> list[Path]:
    """The files of cases of every kind of rule about medicines."""
    kinds = dict.fromkeys(rule.kind for rule in shipped() if rule.file.startswith("bedside:drug_"))
    return [path for kind in kinds if (path := HERE / f"{kind}.jsonl").exists()]


def facts_of(chart: dict) -> Facts:
    """The facts of a case."""
    told = {key: chart[key] for key in ("age_years", "sex", "pregnant", "conditions", "medications") if key in chart}
    allergies = [Allergy(**one) for one in chart.get("allergies", ())]
    return Facts(**told, allergies=allergies, labs=[Lab(**one) for one in chart.get("labs", ())])


def judged(rows: Iterable[dict], rules: RuleSet) -> list[tuple[dict, str, list[str]]]:
    """Each case with the verdict on it and the rules that spoke."""
    found = []
    for row in rows:
        findings = rules.check(Proposal(text=row["proposal"], lang=row["lang"], facts=facts_of(row["chart"])))
        found.append((row, verdict(findings).outcome, [one.rule for one in findings if one.asks != "allow"]))
    return found


def share(hits: int, of: int) -> str:
    """A share with its 95 % interval (Wilson)."""
    if not of:
        return "-"
    sure = binomtest(hits, of).proportion_ci(method="wilson")
    return f"{hits}/{of} = {hits / of:.1%} ({sure.low:.1%} to {sure.high:.1%})"


def line(name: str, cases: list[tuple[dict, str, list[str]]]) -> str:
    """What became of the dangerous and of the harmless ones."""
    harm = [one for one in cases if one[0]["expected"] in STOPPED]
    fine = [one for one in cases if one[0]["expected"] == "allow"]
    stopped = share(sum(came in STOPPED for _, came, _ in harm), len(harm))
    exact = share(sum(came == row["expected"] for row, came, _ in harm), len(harm))
    false = share(sum(came != "allow" for _, came, _ in fine), len(fine))
    return f"{name:12} stopped {stopped}; as expected {exact}; false alarms {false}"


def main(arguments: list[str]) -> None:
    """Prints a line a kind, one for all, and with --wrong the cases that came out otherwise."""
    paths = [Path(one) for one in arguments if not one.startswith("-")] or own_cases()
    rules = RuleSet(shipped())
    every = []
    for path in paths:
        cases = judged(map(json.loads, path.read_text(encoding="utf-8").splitlines()), rules)
        every += cases
        print(line(path.stem, cases))
    for lang in ("en", "zh"):
        print(line(lang, [one for one in every if one[0]["lang"] == lang]))
    print(line("all", every))
    if "--wrong" in arguments:
        for row, came, spoke in every:
            if came != row["expected"]:
                print(
                    f"{row['id']} expected {row['expected']}, came {came} {spoke}\n    {row['chart']}",
                    f"\n    {row['proposal']}",
                )


if __name__ == "__main__":
    main(sys.argv[1:])
