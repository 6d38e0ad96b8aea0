"""Reads a recipe's rows and makes the two parts of a fit: what is learnt from, and what decides when to stop."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field

from bedside.config import DataRecipe, Recipe
from bedside.errors import DataError, LeakError, UsageError
from bedside.formats._base import Problem
from bedside.lang import counted, tr
from bedside.model.entities import overlapping
from bedside.model.forms import Form, form_of, names_for
from bedside.model.reading import read_labelled
from bedside.model.rows import Labelled

DEV_SHARE = 0.1
MOST = 0.5
"""Share of the tuning texts that may be in the training part where no patients are named."""


@dataclass(frozen=True)
class Parts:
    """Training and tuning rows, the label names in order, the head they call for, and every row left out."""

    train: Labelled = field(repr=False)
    dev: Labelled = field(repr=False)
    labels: tuple[str, ...]
    head: str
    refused: tuple[tuple[str, Problem], ...]
    held_back: bool

    @property
    def form(self) -> Form:
        """The form of the answers."""
        return form_of(self.head)

    def counts(self) -> list[int]:
        """Training rows with each label."""
        return [self.rows_with.get(label, 0) for label in self.labels]

    @property
    def rows_with(self) -> dict[str, int]:
        """Training rows with each label, in the order of the labels; empty where rows bear no names."""
        seen = Counter(name for names in self.form.named(self.train.labels) for name in names)
        return {label: seen[label] for label in self.labels} if seen else {}

    def unmeasured(self) -> int:
        """How many labels no tuning row bears, so that no figure is about them; 0 where rows bear no names."""
        if not self.rows_with:
            return 0
        there = {name for names in self.form.named(self.dev.labels) for name in names}
        return len(set(self.labels) - there)

    def shared_texts(self) -> int:
        """Tuning rows whose text is in the training part too."""
        return _shared_texts(self.train, self.dev)


def read_parts(recipe: Recipe, *, together: bool = False) -> Parts:
    """Read and split; refuses one class only, a patient who is in both parts, and a tuning table learnt from.

    `together`: where no patients are named, rows of one text are not parted either.
    """
    data = recipe.data
    if data.text_b and recipe.fit.head != "auto" and not form_of(recipe.fit.head).two:
        raise UsageError(
            tr("this head reads one text", "该任务头只读取一段文本"),
            where="--text-b",
            value=recipe.fit.head,
            allowed=["pair", "answer", "rank"],
        )
    train = read_labelled(data.train, data, head=recipe.fit.head)
    dev = read_labelled(data.dev, data, head=train.head) if data.dev else None
    if dev is None:
        whole = unparted(train, data) if together else train.patients
        rest, back = hold_back(whole, form_of(train.head).named(train.labels), seed=recipe.fit.seed)
        parts, held_back = (train.take(rest), train.take(back)), True
    else:
        _refuse_shared(train, dev, recipe)
        parts, held_back = (train, dev), False
    labels = names_for(train.head, parts[0].labels, recipe.fit)
    if len(labels) < form_of(train.head).least:
        raise DataError(
            tr("there is nothing to tell apart: one label only", "只有一种标签，无可区分"),
            where=data.train.name,
            value=_left_out(train) or f"--label {data.label}",
        )
    known, strangers = _known_only(parts[1], set(labels))
    bearing = Counter(name for row in form_of(train.head).named(train.labels) for name in row)
    if not len(known) and bearing and max(bearing.values()) < 2:
        raise DataError(
            tr("every label stands in one row only: nothing can be learnt from that", "每个标签只出现一次：无从学习"),
            where=data.train.name,
            value=_left_out(train) or f"--label {data.label}",
            next=tr("is this the column of the label?", "这是标签列吗？"),
        )
    refused = [(data.train.name, problem) for problem in train.refused]
    if dev is not None and data.dev:
        refused += [(data.dev.name, problem) for problem in dev.refused]
    refused += [(data.train.name, problem) for problem in _half_learnt(train)]
    return Parts(parts[0], known, labels, train.head, tuple(refused + strangers), held_back)


def hold_back(
    patients: list[str], labels: list[tuple[str, ...]], *, seed: int, share: float = DEV_SHARE
) -> tuple[list[int], list[int]]:
    """Row numbers to learn from and to hold back: whole patients, a share of the rows, no label lost to learning.

    >>> hold_back(["a"], [("x",)], seed=0)
    ([0], [])
    """
    rows_of: dict[str, list[int]] = {}
    for row, patient in enumerate(patients):
        rows_of.setdefault(patient, []).append(row)
    order = sorted(rows_of)
    random.Random(seed).shuffle(order)
    left = Counter(label for row in labels for label in row)
    back: list[int] = []
    for patient in order:
        rows = rows_of[patient]
        if len(back) + len(rows) > max(1, round(share * len(patients))):
            continue
        taken = Counter(label for row in rows for label in labels[row])
        if all(left[label] > count for label, count in taken.items()):
            left -= taken
            back += rows
    gone = set(back)
    return [row for row in range(len(patients)) if row not in gone], sorted(back)


def unparted(rows: Labelled, data: DataRecipe) -> list[str]:
    """What of each row must not lie in two parts: its patient; its text, or both texts, where no patients are named."""
    if data.patient:
        return rows.patients
    first: dict[tuple[str, str], str] = {}
    return [first.setdefault(words, place) for words, place in zip(words_of(rows), rows.places, strict=True)]


def _left_out(train: Labelled) -> str:
    """How many rows could not be used, and why the first could not; empty where all could."""
    if not train.refused:
        return ""
    first = f"{train.refused[0].place}: {train.refused[0].what}"
    count = len(train.refused)
    return tr(f"{counted(count, 'row')} could not be used; the first: {first}", f"{count} 行无法使用；第一处：{first}")


def _refuse_shared(train: Labelled, dev: Labelled, recipe: Recipe) -> None:
    """Patients tell; where they are not named only the texts can, and short notes of two patients may be alike."""
    if recipe.data.patient:
        shared = set(train.patients) & set(dev.patients)
        if shared:
            raise LeakError(
                tr("patients are in both parts", "有患者同时出现在两部分中"),
                value=len(shared),
                next="bedside data split --by patient",
            )
        return
    known = _shared_texts(train, dev)
    if known > MOST * len(dev):
        raise LeakError(
            tr("most tuning texts are training texts too", "调优文本大多也在训练部分中"),
            where=str(recipe.data.dev),
            value=tr(f"{known} of {len(dev)}", f"{len(dev)} 条中有 {known} 条"),
            allowed=tr("other rows than were learnt from", "训练时未用过的行"),
            next=tr("leave out --dev, or name the patients: --patient COLUMN", "不用 --dev，或用 --patient 指明患者列"),
        )


def _shared_texts(train: Labelled, dev: Labelled) -> int:
    """Rows of `dev` whose text, or both texts, are one row's of `train`, but for spaces."""
    learnt = set(words_of(train))
    return sum(words in learnt for words in words_of(dev))


def words_of(rows: Labelled) -> list[tuple[str, str]]:
    """Each row's text and second text, alike where they differ in spaces only."""
    return [(" ".join(t.split()), " ".join(g.second.split())) for t, g in zip(rows.texts, rows.given, strict=True)]


def _half_learnt(train: Labelled) -> list[Problem]:
    """Rows of which the head `tag` cannot learn everything."""
    why = tr(
        "entities overlap: of these the longest is learnt; --head nested learns all",
        "实体相互重叠：仅学习其中最长者；--head nested 可全部学习",
    )
    both = zip(train.places, train.labels, strict=True)
    return [Problem(place, why) for place, label in both if train.head == "tag" and overlapping(label)]


def _known_only(dev: Labelled, labels: set[str]) -> tuple[Labelled, list[tuple[str, Problem]]]:
    """Leave out tuning rows whose label is never learnt: no model could be right on them."""
    keep = [row for row, given in enumerate(form_of(dev.head).named(dev.labels)) if set(given) <= labels]
    strange = sorted(set(range(len(dev))) - set(keep))
    why = tr("label not in the training part; left out of tuning", "标签未出现在训练部分；调优时未使用")
    return dev.take(keep), [("dev", Problem(dev.places[row], why)) for row in strange]
