"""What the rules cost: ms a proposal with the shipped rules, and 10,000 rules against 100.

    python benchmarks/guard_cost.py

Proposals are the cases of benchmarks/data/guard/*.jsonl, each with its chart. The rules of the two sets are made up:
half on a pair of medicines, half on a medicine, a condition and the kidneys or the age, as a hospital's own list would
be. Times are of the process, on one core.
Bars: p50 below 20 ms with the shipped rules; 10,000 rules below twice the time of 100.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from bedside.drugs.vocabulary import vocabulary
from bedside.rules import Rule, RuleSet, shipped
from bedside.rules._expression import compile_expression
from bedside.rules._format import ChartRow
from bedside.rules.conditions import conditions
from bedside.types.verdict import Proposal

CASES = Path(__file__).parent / "data" / "guard"
REPEATS = 5


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seed", type=int, default=0)
    seed = options.parse_args().seed
    proposals = list(_proposals())
    print(f"{len(proposals)} proposals, {REPEATS} readings each; ms a proposal")
    ours = shipped()
    print(_line(f"{len(ours)} shipped rules", _times(RuleSet(ours), proposals)))
    few, many = (RuleSet(_made_up(number, seed)) for number in (100, 10_000))
    small, large = _times(few, proposals), _times(many, proposals)
    print(_line("100 rules", small))
    print(_line("10,000 rules", large))
    low, high = _interval(small, large, seed)
    ratio = statistics.median(large) / statistics.median(small)
    print(f"10,000 against 100: {ratio:.2f} times at p50 (95 % {low:.2f} to {high:.2f}, bootstrap over proposals)")
    asked = statistics.mean(_asked(many, proposals))
    print(f"rules whose condition is asked, of 10,000: {asked:.1f} a proposal")


def _proposals() -> Iterator[Proposal]:
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            try:
                facts = ChartRow.model_validate(row["chart"]).facts()
            except (KeyError, ValueError):
                continue
            yield Proposal(text=row["proposal"], lang=row["lang"], facts=facts, question=row.get("question", ""))


def _made_up(number: int, seed: int) -> list[Rule]:
    """Rules on pairs of medicines drawn at random from the vocabulary, half of them on a condition, too."""
    draw = random.Random(seed)
    medicines, ills = sorted(vocabulary().drugs), sorted(conditions())
    pattern = next(rule for rule in shipped() if rule.kind == "lab")
    rules = []
    for place in range(number):
        one, other = draw.sample(medicines, 2)
        when = f"('{one}' in proposed and '{other}' in takes) or ('{other}' in proposed and '{one}' in takes)"
        if place % 2:
            when = f"'{one}' in proposed and '{draw.choice(ills)}' in has and (egfr < 30 or age > 75)"
        rules.append(replace(pattern, id=f"made.{place}", when=compile_expression(when)))
    return rules


def _times(rules: RuleSet, proposals: Sequence[Proposal]) -> list[float]:
    """The median time of each proposal."""
    for proposal in proposals:
        rules.check(proposal)
    return [statistics.median(_once(rules, proposal) for _ in range(REPEATS)) for proposal in proposals]


def _once(rules: RuleSet, proposal: Proposal) -> float:
    begin = time.process_time_ns()
    rules.check(proposal)
    return (time.process_time_ns() - begin) / 1e6


def _asked(rules: RuleSet, proposals: Sequence[Proposal]) -> list[int]:
    from bedside.rules.context import context_of

    return [len(rules.candidates(context_of(proposal))) for proposal in proposals]


def _line(name: str, times: Sequence[float]) -> str:
    cuts = statistics.quantiles(times, n=20)
    return f"{name:20} p50 {statistics.median(times):6.2f}   p95 {cuts[18]:6.2f}   most {max(times):6.2f}"


def _interval(small: Sequence[float], large: Sequence[float], seed: int) -> tuple[float, float]:
    draw = random.Random(seed)
    pairs = list(zip(small, large, strict=True))
    ratios = []
    for _ in itertools.repeat(None, 1000):
        chosen = draw.choices(pairs, k=len(pairs))
        ratios.append(statistics.median(b for _, b in chosen) / statistics.median(a for a, _ in chosen))
    ratios.sort()
    return ratios[24], ratios[974]


if __name__ == "__main__":
    main()
