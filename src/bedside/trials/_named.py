"""Diagnoses, findings, medicines and procedures: of our tables, of HPO, or by how a name ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bedside.trials._claims import Claim, Taken, claim_of
from bedside.trials._endings import by_ending
from bedside.trials._findings import Findings
from bedside.trials._lexicon import things
from bedside.trials._organs import organs

_AGAINST_ZH = re.compile(r"抗[\u4e00-\u9fff]{2,6}?药物?")
_GUARDS = {
    "激素": re.compile(r"(?:[性腺促长雌孕育乳]|甲状腺)\Z"),
    "转移": re.compile(r"[可能]\Z"),
    "血栓": re.compile(r"抗\Z"),
}


def named(text: str, exact: str, findings: Findings | None, taken: Taken) -> Iterator[Claim]:
    """What is named, each place once: lists of organs, our tables, HPO, then by the end of the name."""
    for claim in _candidates(text, exact, findings):
        guard = _GUARDS.get(text[claim.start : claim.end])
        if guard and guard.search(text, 0, claim.start):
            continue
        if taken.free(claim.start, claim.end):
            taken.take(claim.start, claim.end)
            yield claim
    yield from by_ending(text, taken)


def _candidates(text: str, exact: str, findings: Findings | None) -> list[Claim]:
    """Claims of lists and tables, the longest before others at a place."""
    found = list(organs(text, findings))
    hits = things().find(exact)
    more = findings.find(exact) if findings else []
    for hit in [*hits, *more]:
        entry = hit.entry
        codes = entry.codes + (findings.codes(entry) if findings and entry.kind == "diagnosis" else ())
        found.append(claim_of(hit.start, hit.end, entry.kind, entry.concept, codes))
    for match in _AGAINST_ZH.finditer(text):
        found.append(claim_of(match.start(), match.end(), "medicine", match[0]))
    table = {(one.start, one.end) for one in hits}
    return sorted(found, key=lambda one: (-len(one.groups), one.start - one.end, (one.start, one.end) not in table))
