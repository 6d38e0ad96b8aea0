"""Splits rows into parts so that no patient, site or future lies on both sides; `leaks.py` tells what does.

parts = split_by_patient(patients, {"train": 0.8, "dev": 0.1, "test": 0.1}, seed=0)
refuse_leaks(leaks(parts, patients))
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from bedside.errors import DataError, UsageError
from bedside.evaluate._dates import DATE_FORMS, on_or_after, read_dates
from bedside.evaluate.bootstrap import Ints, clusters_of
from bedside.evaluate.leaks import ASIDE
from bedside.lang import tr

SITES_SHOWN = 20


def split_by_patient(
    patients: Sequence[Hashable],
    shares: Mapping[str, float],
    *,
    seed: int = 0,
    targets: Sequence[Any] | None = None,
) -> list[str]:
    """A part for each row: whole patients, near the shares asked for, labels spread alike when `targets` are given.

    >>> parts = split_by_patient(["a", "a", "b", "c", "d"], {"train": 0.8, "test": 0.2})
    >>> parts[0] == parts[1]
    True
    """
    _check_shares(shares)
    groups = clusters_of(patients, len(patients))
    if groups.count < len(shares):
        raise DataError(
            tr("fewer patients than parts", "患者数少于部分数"), value=groups.count, allowed=f">= {len(shares)}"
        )
    names = list(shares)
    part_of = _deal(_label_counts(groups.of_row, groups.count, targets), np.array(list(shares.values())), seed)
    return [names[part_of[patient]] for patient in groups.of_row]


def split_by_site(sites: Sequence[Hashable], held_out: Iterable[Hashable]) -> list[str]:
    """`test` for the rows of the sites held out, `train` for the rest."""
    out = set(held_out)
    if unknown := out - set(sites):
        raise UsageError(
            tr("no rows of this site", "没有该机构的行"),
            value=", ".join(sorted(map(str, unknown))),
            allowed=sorted(set(map(str, sites)) - {""})[:SITES_SHOWN],
        )
    parts = ["test" if site in out else "train" for site in sites]
    if len(set(parts)) < 2:
        raise DataError(
            tr(
                "the sites held out leave nothing to train on, or nothing to test on",
                "留出的机构使训练集或测试集为空",
            )
        )
    return parts


def split_by_time(times: Sequence[str | None], from_time: str, patients: Sequence[Hashable] | None = None) -> list[str]:
    """`test` from `from_time` on, `train` before it, `undated` where no date tells which; times as `read_dates` reads.

    With `patients`, a patient seen on both sides is kept out of training: his earlier rows are `unused`.
    Raises UsageError when `from_time` is no date, DataError when all rows lie on one side or none has a date.

    >>> split_by_time(["2024/9/1", "2024年10月5日", "unknown"], "2024-10-01")
    ['train', 'test', 'undated']
    """
    start = read_dates([from_time])[0]
    if start is None:
        raise UsageError(tr("not a date", "不是日期"), where="--from-time", value=from_time, allowed=DATE_FORMS)
    dates = read_dates(times)
    if not any(dates):
        raise DataError(tr("no row has a date that can be read", "没有一行有可读的日期"), allowed=DATE_FORMS)
    sides = {True: "test", False: "train", None: "undated"}
    parts = [sides[on_or_after(day, start) if day else None] for day in dates]
    if not {"train", "test"} <= set(parts):
        raise DataError(
            tr("all dated rows lie on one side of this time", "所有有日期的行都在此时间的同一侧"), value=from_time
        )
    if patients is None:
        return parts
    later = {patient for patient, part in zip(patients, parts, strict=True) if part == "test"}
    return ["unused" if p == "train" and who in later else p for p, who in zip(parts, patients, strict=True)]


def folds(patients: Sequence[Hashable], targets: Sequence[Any] | None, k: int, *, seed: int = 0) -> Ints:
    """The fold 0 .. k-1 of each row: whole patients, labels spread as evenly as patients allow.

    >>> sorted(set(folds(list("aabbccdd"), [0, 0, 1, 1, 0, 0, 1, 1], 2).tolist()))
    [0, 1]
    """
    groups = clusters_of(patients, len(patients))
    if k < 2 or groups.count < k:
        what = tr("folds do not fit the number of patients", "折数与患者数不符")
        raise UsageError(what, value=k, allowed=f"2 .. {groups.count}")
    dealt = _deal(_label_counts(groups.of_row, groups.count, targets), np.full(k, 1 / k), seed)
    return dealt[groups.of_row]


def _label_counts(of_row: Ints, count: int, targets: Sequence[Any] | None) -> Any:
    """[patients, labels] rows of each label; without targets one label for all."""
    pairs = [
        (row, label)
        for row, target in enumerate(targets if targets is not None else [0] * len(of_row))
        for label in (target if isinstance(target, (list, tuple, set, frozenset)) else [target])
    ]
    number: dict[Any, int] = {}
    columns = [number.setdefault(label, len(number)) for _, label in pairs]
    counts = np.zeros((count, max(len(number), 1)))
    np.add.at(counts, (of_row[[row for row, _ in pairs]], np.array(columns, dtype=np.int64)), 1)
    return counts


def _deal(counts: Any, shares: Any, seed: int) -> Ints:
    """Deal patients, largest first, each to the part that lacks most of what he brings (greedy stratification).

    What a part lacks of a label is weighed by how rare the label is. Source: Sechidis et al. 2011.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(counts))
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    totals = np.maximum(counts.sum(axis=0), 1)
    have = np.zeros((len(shares), counts.shape[1]))
    dealt = np.zeros(len(counts), dtype=np.int64)
    tie = rng.random((len(counts), len(shares))) * 1e-9
    rows_total = max(counts.sum(), 1)
    for patient in order:
        brings = counts[patient] / totals
        lack = (1 - have / (totals * shares[:, None])) @ brings / max(brings.sum(), 1e-12)
        room = 1 - have.sum(axis=1) / (rows_total * shares)
        part = int(np.argmax(lack + 0.5 * room + tie[patient]))
        dealt[patient] = part
        have[part] += counts[patient]
    return _no_part_empty(dealt, len(shares))


def _no_part_empty(dealt: Ints, n_parts: int) -> Ints:
    """Give an empty part a patient of the fullest one: a small share of few patients still gets one."""
    for part in range(n_parts):
        sizes = np.bincount(dealt, minlength=n_parts)
        if sizes[part] == 0:
            dealt[np.flatnonzero(dealt == sizes.argmax())[-1]] = part
    return dealt


def _check_shares(shares: Mapping[str, float]) -> None:
    if len(shares) < 2 or any(not 0 < share < 1 for share in shares.values()) or abs(sum(shares.values()) - 1) > 1e-6:
        what = tr("shares must lie between 0 and 1 and add up to 1", "各比例须在 0 与 1 之间且合计为 1")
        raise UsageError(what, value=" ".join(f"{name}={share:g}" for name, share in shares.items()))
    if wrong := [name for name in shares if not re.fullmatch(r"\w[\w-]*", name) or name in ASIDE]:
        what = tr("a part needs a plain name", "部分须用普通名称")
        raise UsageError(what, value=", ".join(wrong), allowed=tr("letters, digits, _ and -", "文字、数字、_ 和 -"))
