"""Fits a pair of texts without a network: logistic regression on words and cues (`model/cues.py`); for few rows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np

from bedside.backbones._base import Backbone
from bedside.backbones._load import backbone_for, choose_backbone
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.lang import tr
from bedside.model.asked import marks_of
from bedside.model.calibration import Calibration
from bedside.model.contents import LONGEST
from bedside.model.cues import WIDTH
from bedside.model.doubt import Doubt
from bedside.model.engines.cues import CuesEngine, Floats, Reader
from bedside.model.folder import Model
from bedside.receipt import write_receipt
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.describe import facts_of
from bedside.train.doubting import doubt_of
from bedside.train.loop import OnEvent
from bedside.train.made import Made
from bedside.train.make import metric_of
from bedside.types import Answer

LEAST = 3
"""Patients who share a word before the model knows it: words are kept in its folder."""
LIMITS = {"prefix": "", "max_tokens": LONGEST}
INVERSE_RIDGE = 1.0
ROUNDS = 1000


def fit_cues(recipe: Recipe, parts: Parts, tell: OnEvent) -> tuple[Model, Made, Sequence[Answer]]:
    """The model, what it was made of, and its answers to the tuning part; seconds, so nothing is kept to resume."""
    begun = time.monotonic()
    backbone = _read_by(recipe, parts)
    encoded = {
        part: parts.form.encode(backbone.tokenizer, rows.texts, rows.given, **LIMITS)
        for part, rows in (("train", parts.train), ("dev", parts.dev))
    }
    engine = _engine(parts, backbone, encoded["train"].ids)
    size, why = engine.weight.size + engine.bias.size, tr("one linear layer, no network", "单个线性层，无网络")
    learnt = Choice("trained_parameters", size, why)
    tell({"event": "choice", **asdict(learnt)})
    settled = {"backbone": backbone.name, "head": parts.head, "metric": metric_of(recipe, parts)}
    resolved = recipe.model_copy(update={"fit": recipe.fit.model_copy(update=settled)})
    made = Made(recipe, resolved, backbone, encoded, [], [learnt], learnt={})
    outputs = engine.logits(encoded["dev"].ids)
    calibration = parts.form.calibrate(outputs, parts.dev.labels, encoded["dev"], parts.labels)
    doubt = doubt_of(engine, calibration, outputs, parts, encoded, recipe.abstain, WIDTH)
    model = _model(made, parts, engine, calibration, doubt, time.monotonic() - begun)
    return model, made, parts.form.answers(outputs, encoded["dev"], parts.labels, calibration)


def _read_by(recipe: Recipe, parts: Parts) -> Backbone:
    """The backbone whose tokenizer reads the pairs; UsageError for another head, or where no mark parts two texts."""
    if parts.head != "pair":
        raise UsageError(
            tr("cues are read of a question and a text that may answer it", "线索仅用于“问题＋可作答文本”的成对任务"),
            value=f"head = {parts.head}",
            allowed=["pair"],
            next="--text-b COLUMN",
        )
    name = choose_backbone(parts.train.texts) if recipe.fit.backbone == "auto" else recipe.fit.backbone
    backbone = backbone_for(name, parts.train.texts, parts.train.patients)
    if not marks_of(backbone.tokenizer)[1]:
        what = tr("its tokenizer puts no mark between two texts", "其分词器不在两段文本之间加标记")
        raise UsageError(what, value=name, next="--backbone minilm")
    return backbone


def _engine(parts: Parts, backbone: Backbone, ids: Sequence[Sequence[int]]) -> CuesEngine:
    reader = Reader.of(backbone.tokenizer, ids, parts.train.patients, LEAST)
    numbers = [parts.labels.index(label) for (label,) in parts.train.labels]
    return CuesEngine(reader, *regressed(reader, ids, numbers))


def _model(
    made: Made, parts: Parts, engine: CuesEngine, calibration: Calibration, doubt: Doubt | None, seconds: float
) -> Model:
    """The folder's contents; there were no steps, so none are told."""
    recipe, backbone = made.recipe, made.backbone
    files = [path for path in (recipe.data.train, recipe.data.dev) if path]
    never = {"precision": "fp32", "step": 0, "seconds": seconds, "best": 0.0, "history": [], "best_epoch": 0}
    return Model(
        settings={
            "engine": "cues",
            "head": parts.head,
            "labels": list(parts.labels),
            "hidden_size": WIDTH,
            **LIMITS,
            "pad_id": backbone.pad_id,
            "backbone": {"name": backbone.name, "licence": backbone.licence},
        },
        engine=engine,
        calibration=calibration,
        recipe=made.resolved.model_dump(mode="json"),
        receipt=write_receipt(recipe.digest(), files, seed=recipe.fit.seed, seconds=seconds).to_dict(),
        fitting=never | facts_of(made, parts),
        doubt=doubt,
    )


def regressed(reader: Reader, ids: Sequence[Sequence[int]], numbers: Sequence[int]) -> tuple[Floats, Floats]:
    """Weights [labels, features] and bias [labels], by each pair's label number; two labels mirror each other."""
    from sklearn.linear_model import LogisticRegression

    found = LogisticRegression(C=INVERSE_RIDGE, max_iter=ROUNDS).fit(reader.features(ids), numbers)
    weight, bias = found.coef_, found.intercept_
    if len(bias) == 1:
        weight, bias = np.vstack([-weight / 2, weight / 2]), np.concatenate([-bias / 2, bias / 2])
    return weight.astype(np.float32), bias.astype(np.float32)
