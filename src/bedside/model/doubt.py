"""Doubt about an answer: a set of labels too wide, a text unlike those learnt from, models that do not agree.

What is calibrated is kept in doubt.json and familiar.safetensors of a model folder (older folders have neither: their
models doubt nothing). docs/doubt.md says what is promised.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from bedside.config.abstain import LEVELS, Abstain
from bedside.lang import tr
from bedside.model.calibration import Floats
from bedside.model.conformal import Cuts, Method, cut_at, cuts_of, misfit, possible, row_scores
from bedside.model.familiar import Familiar, Vectors
from bedside.model.scores import Matrix

SETS_OF = ("classify", "pair", "multilabel")
"""Heads whose answers are labels, and get sets. A score has its interval (`model/intervals.py`)."""

WHOLE = (*SETS_OF, "ordinal", "continuous", "survive", "cox")
"""Heads that judge a text as a whole, by one vector, so that it can be told how strange it is."""

NAMED = 8
"""Labels of a set that a reason names; the rest are counted."""


@dataclass(frozen=True)
class Doubted:
    """What is doubted of one answer: the labels that may be right (None: no sets), and each reason in words."""

    possible: tuple[str, ...] | None = None
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class Doubt:
    """What was calibrated on the tuning part: cuts for sets, and from which distance on a text is strange.

    `cuts` has one list for all labels, or one for each; none where the answers are no labels. `patients` is how many
    the cuts rest on.
    """

    method: Method = "lac"
    cuts: tuple[Cuts, ...] = ()
    strange: Cuts | None = None
    familiar: Familiar | None = None
    patients: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, without `familiar`."""
        promised = [level / 100 for level in LEVELS]
        return {
            "method": self.method,
            "levels": promised,
            "cuts": list(self.cuts),
            "strange": self.strange,
            "patients": self.patients,
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any], familiar: Familiar | None) -> Doubt:
        """Read back what `to_dict` gave."""
        cuts = tuple(values["cuts"])
        return cls(cast(Method, values["method"]), cuts, values["strange"], familiar, values["patients"])

    def promises(self, coverage: float) -> bool:
        """Whether there were patients enough for sets of that coverage."""
        return any(np.isfinite(cut_at(one, coverage)) for one in self.cuts)

    def sets(self, probabilities: Floats, care: Abstain) -> Matrix:
        """The labels that may be right, [n, k]: those promised, and of single labels the likeliest in any case.

        A set without any label would keep a promise that the likeliest label alone keeps too.
        """
        fits = misfit(probabilities, self.method)
        held = possible(fits, self.cuts, care.coverage)
        if self.method != "all_of":
            held[np.arange(len(fits)), fits.argmin(1)] = True
        return held

    def strangers(self, vectors: Vectors, care: Abstain) -> NDArray[np.bool_]:
        """Which texts [n] are unlike those learnt from; ordinary ones are called so at most as often as allowed."""
        if self.familiar is None or self.strange is None or not care.unlike:
            return np.zeros(len(vectors), bool)
        found: NDArray[np.bool_] = self.familiar.distance(vectors) > cut_at(self.strange, 1 - care.unlike)
        return found


def method_of(head: str, care: Abstain) -> Method:
    """How the sets of a head's labels are made."""
    return "all_of" if head == "multilabel" else care.sets


def calibrated_sets(
    probabilities: Floats, truth: Matrix, patients: Sequence[Hashable], head: str, care: Abstain
) -> Doubt:
    """The cuts that tuning rows call for: probabilities and marks [n, k].

    >>> care = Abstain()
    >>> doubt = calibrated_sets(np.tile([0.8, 0.2], (20, 1)), np.tile([True, False], (20, 1)), range(20), "pair", care)
    >>> doubt.sets(np.array([[0.9, 0.1], [0.5, 0.5]]), care).tolist()
    [[True, False], [True, False]]
    """
    method = method_of(head, care)
    fits = misfit(probabilities, method)
    scores = row_scores(fits, truth)
    groups = [np.ones(len(truth), bool)]
    if care.by_class and method != "all_of":
        groups = list(truth.T)
    cuts = tuple(cuts_of(scores[rows], list(compress(patients, rows))) for rows in groups)
    return Doubt(method, cuts, patients=len(set(patients)))


def too_wide(held: Sequence[str], given: Sequence[str], care: Abstain) -> str:
    """Why a set asks for a person, or nothing: it holds more labels beside those given than may stay open.

    >>> too_wide(["benign", "malignant"], ["benign"], Abstain())
    'possible at 90% coverage: benign, malignant'
    """
    if len(set(held) - set(given)) <= care.open_labels:
        return ""
    more = len(held) - NAMED
    names = ", ".join(held[:NAMED]) + (tr(f" and {more} more", f" 等共 {len(held)} 个") if more > 0 else "")
    return tr(f"possible at {care.coverage:.0%} coverage: {names}", f"覆盖率 {care.coverage:.0%} 下的可能标签：{names}")


def unlike() -> str:
    """Why a strange text asks for a person."""
    return tr("the text is unlike those the model learnt from", "文本与模型学习过的文本差异过大")


def disagreed(others: int, asked: int) -> str:
    """Why models that do not agree ask for a person."""
    return tr(
        f"{others} of {asked} models asked beside answer otherwise",
        f"同时询问的 {asked} 个模型中有 {others} 个结论不同",
    )


def told(held: Sequence[str] | None, reasons: Sequence[str]) -> dict[str, Any]:
    """What an answer's JSON holds of doubt: `set`, where there are sets, and `abstained`, why a person is asked.

    >>> told(("benign",), ()), told(None, ("one", "other"))
    ({'set': ['benign']}, {'abstained': 'one; other'})
    """
    return {
        **({"set": list(held)} if held is not None else {}),
        **({"abstained": in_words(reasons)} if reasons else {}),
    }


def in_words(reasons: Sequence[str]) -> str:
    """Several reasons as one sentence."""
    return tr("; ", "；").join(reasons)
