"""Rules and their cases as a table, as words and as JSON."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bedside.commands._io import say, table
from bedside.errors import UnknownName
from bedside.lang import LANGS, speaking, tr
from bedside.rules import Rule, Tried, read_rules, shipped, together
from bedside.rules.words import in_words, patient_said

WIDEST = 70
"""Characters of a proposal in a table."""


def read_all(place: Path | None) -> tuple[Rule, ...]:
    """The shipped rules and those of a file or folder."""
    return together(shipped(), read_rules(place)) if place else shipped()


def named(id: str, rules: Iterable[Rule]) -> Rule:
    """The rule of an id; UnknownName with the nearest ones."""
    by_id = {rule.id: rule for rule in rules}
    if id not in by_id:
        near = difflib.get_close_matches(id, by_id, n=3, cutoff=0.5)
        raise UnknownName(tr("unknown rule", "未知的规则"), value=id, allowed=near or None, next="bedside rules list")
    return by_id[id]


def case_rows(tried: Iterable[Tried]) -> Iterator[tuple[str, ...]]:
    """A row a case: rule, number, what was expected and what came, and the proposal."""
    for one in tried:
        text = one.case.proposal.text
        short = text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
        yield one.rule.id, str(one.number), _speaks(one.case.fires), _speaks(one.spoke), short


def failed_as_json(failed: Iterable[Tried]) -> list[dict[str, Any]]:
    """Each case that failed: its rule, file, number, what was expected and what came (null: it could not be asked)."""
    return [
        {"rule": one.rule.id, "file": one.rule.file, "case": one.number, "expected": one.case.fires, "came": one.spoke}
        for one in failed
    ]


def as_json(rule: Rule) -> dict[str, Any]:
    """A rule with everything that its file says, and its condition in words of both languages."""
    return {
        "id": rule.id,
        "kind": rule.kind,
        "title": {"en": rule.title.en, "zh": rule.title.zh},
        "when": rule.when.written,
        "in_words": {lang: _in_words(rule, lang) for lang in LANGS},
        "severity": rule.severity,
        "outcome": rule.outcome,
        "reason": {"en": rule.reason.en, "zh": rule.reason.zh},
        "source": rule.source,
        "year": rule.year,
        "cases": len(rule.cases),
        "file": rule.file,
    }


def show(rule: Rule) -> None:
    """A rule on the terminal."""
    rows = (
        (tr("kind", "类别"), rule.kind),
        (tr("severity", "级别"), rule.severity + (f" → {rule.outcome}" if rule.outcome else "")),
        (tr("speaks when", "触发条件"), in_words(rule.when.written)),
        (tr("as written", "原文"), rule.when.written),
        (tr("says", "提示"), tr(rule.reason.en, rule.reason.zh)),
        (tr("source", "来源"), f"{rule.source} ({rule.year})"),
        (tr("file", "文件"), rule.file),
    )
    say(f"{rule.id}: {tr(rule.title.en, rule.title.zh)}")
    for name, words in rows:
        say(f"  {name}: {words}")
    table(
        tr("Its cases", "自带用例"), (tr("speaks", "触发"), tr("patient", "患者"), tr("proposal", "建议")), _cases(rule)
    )


def _cases(rule: Rule) -> Iterator[tuple[str, str, str]]:
    for case in rule.cases:
        yield _speaks(case.fires), patient_said(case.proposal.facts), case.proposal.text


def _speaks(spoke: bool | None) -> str:
    if spoke is None:
        return tr("cannot be asked", "无法核查")
    return tr("speaks", "触发") if spoke else tr("silent", "不触发")


def _in_words(rule: Rule, lang: Any) -> str:
    with speaking(lang):
        return in_words(rule.when.written)
