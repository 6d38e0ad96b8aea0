"""What readers say of blinded pairs, kept in the queue's log; and, with the key, which of two systems they prefer."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bedside.chain import End
from bedside.errors import DataError, UsageError
from bedside.evaluate.agreement import krippendorff_figure
from bedside.evaluate.bootstrap import bootstrap
from bedside.evaluate.compare import sign_test
from bedside.evaluate.estimate import MIN_PATIENTS
from bedside.lang import tr
from bedside.review import _log
from bedside.review._clean import words
from bedside.review._queue import Queue, check_reader
from bedside.review.pairs import CRITERIA, SIDES, Key, Pair, Side
from bedside.types import Figure, Undefined

OVERALL = "overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One reader on one pair: the better side on the whole, and by each criterion that was answered."""

    pair: str
    by: str
    overall: Side
    criteria: Mapping[str, Side] = field(default_factory=dict)
    reason: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """How often the first system is preferred: wins and half the ties, of all judgements; interval drawn by pair.

    `p` is the sign test on pairs, each by the sum of its judgements.
    """

    question: str
    by: str
    first: int
    equal: int
    second: int
    share: Figure
    p: float


def judge(queue: Queue, said: Judgement) -> End:
    """Write a judgement down; a later one of the same reader on the same pair counts in its place."""
    check_reader(said.by)
    sides = {OVERALL: said.overall, **said.criteria}
    if any(side not in SIDES for side in sides.values()) or not set(said.criteria) <= set(CRITERIA):
        raise UsageError(tr("no such side or criterion", "没有此选项"), allowed=[*SIDES, *CRITERIA])
    with queue.alone() as database:
        body = {"sides": sides, "reason": words(said.reason)}
        return _log.append(database, queue.clock(), said.by, "judged", said.pair, body)


def judgements(queue: Queue, study: str) -> list[Judgement]:
    """The last judgement of each reader on each pair of a study."""
    last: dict[tuple[str, str], Judgement] = {}
    for one in queue.entries("judged"):
        if one.item.startswith(f"{study}-"):
            sides = dict(one.body["sides"])
            last[one.item, one.who] = Judgement(
                pair=one.item, by=one.who, overall=sides.pop(OVERALL), criteria=sides, reason=one.body["reason"]
            )
    return list(last.values())


def waiting(queue: Queue, pairs: Sequence[Pair], by: str) -> list[Pair]:
    """The pairs that a reader has not judged, in an order of his own."""
    done = {one.pair for one in judgements(queue, pairs[0].study) if one.by == by}
    order = random.Random(f"{pairs[0].study} {by}").sample(pairs, len(pairs))
    return [pair for pair in order if pair.id not in done]


def read_form(path: Path, pairs: Sequence[Pair]) -> list[Judgement]:
    """What a filled page saved; raises DataError where it is not of this study."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        known = {pair.id for pair in pairs}
        found = [_from_form(one, str(values["by"])) for one in values["answers"]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DataError(tr("not a saved form", "不是已保存的表单"), where=path.name) from None
    if values.get("study") != pairs[0].study or any(one.pair not in known for one in found):
        raise DataError(tr("a form of another study", "属于另一项研究的表单"), where=path.name)
    return found


def _from_form(one: Mapping[str, Any], by: str) -> Judgement:
    criteria = {name: one[name] for name in CRITERIA if one.get(name)}
    return Judgement(pair=one["pair"], by=by, overall=one[OVERALL], criteria=criteria, reason=one.get("reason", ""))


def preferences(said: Sequence[Judgement], key: Key, *, seed: int = 0) -> list[Preference]:
    """By question over all readers, then overall by each reader. Raises DataError for a pair that the key lacks."""
    if any(one.pair not in key.first_left for one in said):
        raise DataError(tr("the key is of another study", "密钥属于另一项研究"), value=key.study)
    found = []
    for question in (OVERALL, *CRITERIA):
        asked = [(one.pair, side) for one in said if (side := _side(one, question))]
        if asked:
            found.append(_preference(question, "", asked, key, seed))
    for by in sorted({one.by for one in said}):
        own = [(one.pair, one.overall) for one in said if one.by == by]
        found.append(_preference(OVERALL, by, own, key, seed))
    return found


def readers_agree(said: Sequence[Judgement], key: Key, *, seed: int = 0) -> Figure:
    """Krippendorff's alpha of the readers on which system is better on the whole, drawn by pair."""
    by_pair: dict[str, list[int]] = {}
    for one in said:
        by_pair.setdefault(one.pair, []).append(_sign(one.overall, first_left=key.first_left[one.pair]))
    read = [signs for signs in by_pair.values() if len(signs) > 1]
    if len(read) < MIN_PATIENTS:
        return _few(len(read))
    return krippendorff_figure(read, None, interval=True, seed=seed)


def _few(count: int) -> Undefined:
    return Undefined(reason=tr(f"fewer than {MIN_PATIENTS} pairs", f"少于 {MIN_PATIENTS} 对"), n=count)


def _side(one: Judgement, question: str) -> Side | None:
    return one.overall if question == OVERALL else one.criteria.get(question)


def _preference(question: str, by: str, asked: Sequence[tuple[str, Side]], key: Key, seed: int) -> Preference:
    signs = np.array([_sign(side, first_left=key.first_left[pair]) for pair, side in asked])
    pairs = [pair for pair, _ in asked]
    net: dict[str, int] = {}
    share = bootstrap(lambda rows: float((signs[rows] + 1).mean() / 2), pairs, seed)
    for pair, sign in zip(pairs, signs, strict=True):
        net[pair] = net.get(pair, 0) + int(sign)
    return Preference(
        question=question,
        by=by,
        first=int((signs > 0).sum()),
        equal=int((signs == 0).sum()),
        second=int((signs < 0).sum()),
        share=share if len(set(pairs)) >= MIN_PATIENTS else _few(len(asked)),
        p=sign_test(sum(one > 0 for one in net.values()), sum(one < 0 for one in net.values())),
    )


def _sign(side: Side, *, first_left: bool) -> int:
    """1 where the first system is better, -1 where the second is."""
    if side == "equal":
        return 0
    return 1 if (side == "left") == first_left else -1
