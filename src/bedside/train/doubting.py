"""Calibrates a fitted model's doubt on the tuning part: cuts for its sets of labels, and for texts unlike the others.

Which texts are familiar is learnt from the training part; how far off is strange, from the tuning part, whose patients
are none of those, so that ordinary texts are called strange as seldom as promised.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from bedside.config.abstain import Abstain
from bedside.model.calibration import Calibration
from bedside.model.conformal import cuts_of
from bedside.model.doubt import SETS_OF, WHOLE, Doubt, calibrated_sets
from bedside.model.engine import Engine, Outputs, Seeing
from bedside.model.familiar import Vectors, familiar_with
from bedside.model.forms.labels import marks
from bedside.model.inputs import Encoded
from bedside.train.data import Parts

MOST = 500
"""Texts of each part that are read once more for their vectors: enough to place 32 directions and a cut at 99 %."""


def doubt_of(
    engine: Engine,
    calibration: Calibration,
    outputs: Outputs,
    parts: Parts,
    encoded: dict[str, Encoded],
    care: Abstain,
    hidden_size: int,
) -> Doubt | None:
    """What a model is to doubt by; None without tuning rows, or where nothing can be promised."""
    if not care.on or not len(parts.dev):
        return None
    doubt = Doubt()
    if parts.head in SETS_OF:
        chances = calibration.probabilities(np.asarray(outputs, np.float64), parts.head)
        truth = marks(parts.dev.labels, parts.labels)
        doubt = calibrated_sets(chances, truth, parts.dev.patients, parts.head, care)
    if care.unlike and parts.head in WHOLE and isinstance(engine, Seeing):
        doubt = _with_strangers(doubt, engine, parts, encoded, hidden_size)
    return doubt if doubt.cuts or doubt.familiar else None


def _with_strangers(doubt: Doubt, engine: Seeing, parts: Parts, encoded: dict[str, Encoded], hidden_size: int) -> Doubt:
    """With a cut on how far a text may lie off."""
    known = _vectors(engine, encoded["train"], _some(len(parts.train)), hidden_size)
    familiar = familiar_with(known) if len(known) else None
    if familiar is None:
        return doubt
    rows = _some(len(parts.dev))
    far = familiar.distance(_vectors(engine, encoded["dev"], rows, hidden_size))
    strange = cuts_of(far, [parts.dev.patients[row] for row in rows])
    return dataclasses.replace(doubt, familiar=familiar, strange=strange)


def _vectors(engine: Seeing, encoded: Encoded, rows: Sequence[int], hidden_size: int) -> Vectors:
    ids = [encoded.ids[row] for row in rows if row < len(encoded.ids)]
    if not ids:
        return np.zeros((0, hidden_size), np.float32)
    return engine.logits_and_vectors(ids, hidden_size)[1]


def _some(rows: int) -> list[int]:
    """At most `MOST` row numbers, spread evenly."""
    return np.unique(np.linspace(0, rows - 1, min(rows, MOST)).astype(int)).tolist()
