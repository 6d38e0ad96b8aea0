"""Diagnoses, findings, medicines and procedures: of our tables, of HPO, or by how a name ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials.criteria.claims import Claim, Taken, claim_of
from bedside.trials.criteria.endings import by_ending
from bedside.trials.criteria.findings import Findings
from bedside.trials.criteria.lexicon import Lexicon, things
from bedside.trials.criteria.organs import organs

_AGAINST_ZH = re.compile(r"抗[\u4e00-\u9fff]{2,6}?药物?")
_BEFORE = {
    "激素": re.compile(r"(?:[性腺促长雌孕育乳]|甲状腺)\Z"),
    "转移": re.compile(r"[可能]\Z"),
    "血栓": re.compile(r"抗\Z"),
}
_BEHIND = {
    "血尿": re.compile(r"常规"),
    "无精": re.compile(r"神"),
    "磨牙": re.compile(r""),
    "手术": re.compile(r"当[日天]|前|后|时|中|日|期间|并发症|适应|禁忌|风险|切口|部位|视野|方式|室"),
}
"""What must not stand before or behind a name, for it is then another word."""


def named(text: str, exact: str, findings: Findings | None, codes: Lexicon | None, taken: Taken) -> Iterator[Claim]:
    """What is named, each place once: lists of organs, our tables, HPO, then by the end of the name."""
    for claim in _candidates(text, exact, findings, codes):
        if _is_another(text, claim):
            continue
        if taken.free(claim.start, claim.end):
            taken.take(claim.start, claim.end)
            yield claim
    yield from by_ending(text, taken)


def _is_another(text: str, claim: Claim) -> bool:
    """Is the name part of another word (无精神疾病, 促性腺激素)?"""
    name = text[claim.start : claim.end]
    before, behind = _BEFORE.get(name), _BEHIND.get(name)
    if text[: claim.start].endswith(("post-", "pre-")):
        return True
    left = before is not None and before.search(text, 0, claim.start) is not None
    return left or (behind is not None and behind.match(text, claim.end) is not None)


def _candidates(text: str, exact: str, findings: Findings | None, own: Lexicon | None) -> list[Claim]:
    """Claims of lists and tables, the longest before others at a place."""
    found = list(organs(text, findings))
    hits = things().find(exact, text)
    places = {(one.start, one.end) for one in hits}
    listed = {(one.start, one.end): one for one in own.find(exact, text)} if own else {}
    hits += [one for place, one in listed.items() if place not in places]
    more = findings.find(exact) if findings else []
    for hit in [*hits, *more]:
        entry, beside = hit.entry, listed.get((hit.start, hit.end))
        codes = entry.codes + (findings.codes(entry) if findings and entry.kind == "diagnosis" else ())
        if beside and beside.entry is not entry and entry.kind == "diagnosis":
            codes = tuple(dict.fromkeys((*codes, *beside.entry.codes)))
        found.append(claim_of(hit.start, hit.end, entry.kind, entry.concept, codes))
    for match in _AGAINST_ZH.finditer(text):
        found.append(claim_of(match.start(), match.end(), "medicine", match[0]))
    table = {(one.start, one.end) for one in hits}
    return sorted(found, key=lambda one: (-len(one.groups), one.start - one.end, (one.start, one.end) not in table))
