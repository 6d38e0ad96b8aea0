"""Answers that are times to an event: the chance that it has not come by each of several times (survive, cox)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.config import DataRecipe
from bedside.lang import tr
from bedside.model.calibration import Calibration, Floats, best_temperature, sigmoid
from bedside.model.cells import text_of
from bedside.model.engine import Outputs
from bedside.model.given import NOTHING, Given
from bedside.model.inputs import Encoded, Identity, encode, prepare_texts
from bedside.model.moved import Moved
from bedside.model.rows import Labelled, Remark
from bedside.model.survival.curves import chances_at, lost_share, median_of, thinned
from bedside.model.survival.hazards import concordance, cumulative_hazard, partial_surprise, rank_targets
from bedside.model.survival.intervals import ends_of, horizons_of, interval_names, interval_targets, with_horizons
from bedside.model.survival.rows import time_and_event
from bedside.types import Survival

ALIKE = 0.01
"""Two answers whose chances differ by no more than this say the same."""


@dataclass(frozen=True)
class SurvivalForm:
    """See `forms/__init__.py`; `head` is survive (hazards by interval) or cox (relative hazards)."""

    head: str
    scores = ("c_index",)
    least = 1
    two = marked = weighted = words = False
    tells = ("risk", "survival", "median")
    pooled = True

    def read(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given, Any]:
        """A text, its time, and whether the event came."""
        text, given = self.read_text(row, data)
        return text, given, time_and_event(row, data.label)

    def read_text(self, row: Mapping[str, Any], data: DataRecipe) -> tuple[str, Given]:
        """A text."""
        return text_of(row, data.text), NOTHING

    def labels(self, cells: Sequence[Any]) -> list[tuple[float, int]]:
        """Time and event."""
        return list(cells)

    def cells(self, text: str, given: Given, label: tuple[float, int]) -> dict[str, Any]:
        """Time and event as a list of two."""
        return {"text": text, "label": list(label)}

    def names(self, labels: Sequence[tuple[float, int]]) -> tuple[str, ...]:
        """The ends of the intervals; of relative hazards those that are horizons."""
        return self._kept(interval_names(labels))

    def at(self, names: Sequence[str], horizons: Sequence[float]) -> tuple[str, ...]:
        """See `Timed`."""
        return self._kept(with_horizons(names, horizons))

    def named(self, labels: Sequence[tuple[float, int]]) -> list[tuple[str, ...]]:
        """A time bears no name."""
        return [()] * len(labels)

    def scrub(self, rows: Labelled, identity: Identity, on_text: Callable[[int], None] | None = None) -> Labelled:
        """Texts without identity."""
        return replace(rows, texts=prepare_texts(rows.texts, identity=identity, on_text=on_text))

    def learn(self, rows: Labelled) -> tuple[dict[str, Any], list[Remark]]:
        """Nothing."""
        return {}, []

    def encode(self, tokenizer: Any, texts: Sequence[str], given: Sequence[Given] = (), **limits: Any) -> Encoded:
        """One list of ids a text; a long text loses its middle."""
        return encode(tokenizer, texts, **limits)

    def thin(self, encoded: Encoded, rows: Labelled, seed: int) -> tuple[Encoded, list[Remark]]:
        """Everything."""
        return encoded, []

    def targets(self, labels: Sequence[tuple[float, int]], encoded: Encoded, names: Sequence[str]) -> NDArray[np.int64]:
        """[n, 2]: intervals got through, or the rank of the time; and whether the event came."""
        return rank_targets(labels) if self.head == "cox" else interval_targets(labels, ends_of(names))

    def calibrate(
        self, outputs: Outputs, labels: Sequence[tuple[float, int]], encoded: Encoded, names: Sequence[str]
    ) -> Calibration:
        """How far texts lie apart, and the baseline hazard; without events nothing is changed."""
        if not any(event for _, event in labels):
            return Calibration()
        logits = np.asarray(outputs, np.float64)
        if self.head == "cox":
            temperature = best_temperature(lambda by: partial_surprise(logits[:, 0] / by, labels))
            return Calibration(
                temperature, baseline=thinned(*cumulative_hazard(logits[:, 0] / temperature, labels)) or None
            )
        targets, middle = interval_targets(labels, ends_of(names)), logits.mean(0)
        temperature = best_temperature(lambda by: _surprise(middle + (logits - middle) / by, targets))
        points = zip(ends_of(names).tolist(), middle.tolist(), strict=True)
        return Calibration(temperature, baseline=tuple(points))

    def answers(
        self, outputs: Outputs, encoded: Encoded, names: Sequence[str], calibration: Calibration
    ) -> list[Survival]:
        """A curve of survival a text; of relative hazards without a baseline (no tuning event) the order alone."""
        if not len(outputs):
            return []
        logits, horizons = np.asarray(outputs, np.float64), horizons_of(names)
        if self.head == "cox" and calibration.baseline is None:
            return [Survival(float(risk), horizons=horizons) for risk in sigmoid(logits[:, 0])]
        times, chances = _curves(logits, self.head, names, calibration)
        risks = lost_share(times, chances)
        return [
            Survival(float(risk), times, tuple(map(float, row)), horizons)
            for risk, row in zip(risks, chances, strict=True)
        ]

    def score(self, metric: str, labels: Sequence[Any], answers: Sequence[Survival], names: Sequence[str]) -> float:
        """Harrell's C-index."""
        return concordance(np.array([one.risk for one in answers]), labels)

    def told(self, text: str, given: Given, answer: Survival) -> dict[str, Any]:
        """Risk, the chance at each horizon (null beyond what was seen), and the median time."""
        chances = chances_at(answer.times, np.array(answer.chances), answer.horizons)
        survival = {
            f"{at:g}": None if np.isnan(one) else float(one) for at, one in zip(answer.horizons, chances, strict=True)
        }
        return {"risk": answer.risk, "survival": survival, "median": median_of(answer)}

    def spoken(self, told: Mapping[str, Any]) -> list[str]:
        """The chances, and the median time."""
        median = told["median"]
        said = tr("later than was seen", "超出观察时间") if median is None else f"{median:.3g}"
        lines = [
            tr(f"  no event by {at}: ", f"  至 {at} 未发生事件：") + ("—" if chance is None else f"{chance:.3f}")
            for at, chance in told["survival"].items()
        ]
        return [tr(f"median time to the event: {said}", f"中位事件时间：{said}"), *lines]

    def back(self, answer: Survival, first: Moved, second: Moved) -> Survival:
        """Times stand nowhere in the text."""
        return answer

    def surest(self, answer: Survival) -> Floats:
        """Every chance."""
        return np.array([answer.risk, *answer.chances])

    def agree(self, one: Survival, other: Survival) -> bool:
        """Whether no chance differs by more than a hundredth."""
        return self.change(one, other) <= ALIKE

    def change(self, one: Survival, other: Survival) -> float:
        """The largest difference of a chance."""
        return float(np.abs(self.surest(one) - self.surest(other)).max())

    def _kept(self, names: tuple[str, ...]) -> tuple[str, ...]:
        told = {f"@{horizon:.12g}" for horizon in horizons_of(names)}
        return tuple(name for name in names if name in told) if self.head == "cox" else names


FORM = SurvivalForm


def _curves(
    logits: Floats, head: str, names: Sequence[str], calibration: Calibration
) -> tuple[tuple[float, ...], Floats]:
    """Times, and the chance at each [n, m]."""
    if head == "cox":
        assert calibration.baseline is not None
        times, hazard = zip(*calibration.baseline, strict=True)
        relative = np.exp(logits / calibration.temperature)
        chances = np.asarray(np.exp(-relative * np.array(hazard)), np.float64)
        return times, chances
    if calibration.baseline is not None:
        middle = np.array([value for _, value in calibration.baseline])
        logits = middle + (logits - middle) / calibration.temperature
    chances = np.asarray(np.cumprod(1 - sigmoid(logits), axis=1), np.float64)
    return tuple(ends_of(names).tolist()), chances


def _surprise(logits: Floats, targets: NDArray[np.int64]) -> float:
    """Mean negative log-likelihood of hazards' logits [n, k]: what `heads/survive.py` minimises."""
    number, (through, event) = np.arange(logits.shape[1]), targets.T[:, :, None]
    passed, ended = number < through, (number == through) & (event > 0)
    return float((np.logaddexp(0, logits) * passed + np.logaddexp(0, -logits) * ended).sum(1).mean())
