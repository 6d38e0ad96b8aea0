"""Models that are asked and not trained: one file a method, its name the word for `adapt` in a recipe.

What a fit is here: the model is put together, each label's own likelihood is divided out (without labels), and the
probabilities are calibrated on the tuning part. The folder is one as any other.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.backbones._base import Backbone
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.files import whole_file
from bedside.lang import tr
from bedside.model.engine import Engine
from bedside.model.folder import Model
from bedside.model.given import Given
from bedside.model.inputs import Encoded
from bedside.receipt import write_receipt
from bedside.registry import files_in
from bedside.train.data import Parts
from bedside.train.defaults import Choice
from bedside.train.describe import facts_of
from bedside.train.doubting import doubt_of
from bedside.train.made import Made
from bedside.train.make import metric_of
from bedside.train.prompted._base import CONTENT_FREE, Asked, Method
from bedside.types import Answer

RUN, SCORES = "run.json", "scores.json"
CHUNK = 16
"""Texts scored between two savings of what has been scored."""
BATCH = 64
"""Training texts, labels unread, whose scores are averaged where the prior is `batch` (Zhou et al. 2024)."""
HEADS = ("classify", "pair")

Tell = Callable[[dict[str, Any]], None]


def methods() -> list[str]:
    """The names of all methods: the files of this folder.

    >>> methods()
    ['few_shot', 'verbaliser', 'zero_shot']
    """
    return files_in(Path(__file__).parent)


def check_head(head: str) -> None:
    """Refuse heads whose answer is not one label."""
    if head not in HEADS:
        raise UsageError(
            tr("a model is asked for one label a text", "提问式方法仅支持每条文本一个标签"),
            value=f"head = {head}",
            allowed=list(HEADS),
            next=tr("--adapt lora, or any other that trains", "--adapt lora 等需训练的方式"),
        )


def ask(recipe: Recipe, parts: Parts, *, work: Path, run_id: str, tell: Tell) -> tuple[Model, Made, Sequence[Answer]]:
    """The model, what it was made of, and its answers to the tuning part; a killed run goes on in `work`."""
    begun = time.monotonic()
    check_head(parts.head)
    tell({"event": "stage", "name": "backbone", "total": 0})
    method: Method = import_module(f"bedside.train.prompted.{recipe.fit.adapt}").METHOD
    asked = method(recipe, parts)
    encoded = parts.form.encode(asked.backbone.tokenizer, parts.dev.texts, parts.dev.given, **asked.limits)
    free = _without_content(asked, parts)
    choices = _choices(recipe, asked, parts)
    for choice in choices:
        tell({"event": "choice", **asdict(choice)})
    _tell_tokens(tell, asked, encoded)
    tell({"event": "stage", "name": "asking", "total": len(free) + len(encoded.ids)})
    scores = Scores(work, run_id, tell)
    engine = asked.settle(np.asarray(scores.of("free", asked.engine, free, parts), np.float64))
    outputs = scores.of("dev", engine, encoded.ids, parts)
    calibration = parts.form.calibrate(outputs, parts.dev.labels, encoded, parts.labels)
    made = _made(recipe, parts, asked, encoded, choices)
    files = [path for path in (recipe.data.train, recipe.data.dev) if path]
    seconds = time.monotonic() - begun
    model = Model(
        settings=_settings(asked, parts),
        engine=engine,
        calibration=calibration,
        recipe=made.resolved.model_dump(mode="json"),
        receipt=write_receipt(recipe.digest(), files, seed=recipe.fit.seed, seconds=seconds).to_dict(),
        fitting={"precision": "fp32", "step": 0, "seconds": seconds, "best": 0.0, "history": [], "best_epoch": 0}
        | facts_of(made, parts),
        doubt=doubt_of(engine, calibration, outputs, parts, made.encoded, recipe.abstain, asked.backbone.hidden_size),
    )
    return model, made, parts.form.answers(outputs, encoded, parts.labels, calibration)


def _settings(asked: Asked, parts: Parts) -> dict[str, Any]:
    """What model.json says of a model that is asked."""
    backbone, learnt = asked.backbone, _beyond(asked.limits)
    return {
        "head": parts.head,
        "labels": list(parts.labels),
        "hidden_size": backbone.hidden_size,
        "max_tokens": asked.limits["max_tokens"],
        "prefix": asked.limits["prefix"],
        "pad_id": backbone.pad_id,
        "backbone": {"name": backbone.name, "licence": backbone.licence},
        **({"learnt": learnt} if learnt else {}),
        **asked.settings,
    }


def _tell_tokens(tell: Tell, asked: Asked, encoded: Encoded) -> None:
    """How much there is to read, what was cut of it, what no token stands for."""
    cut, lost = {"dev": len(encoded.cut)}, {"dev": len(encoded.unread)}
    tokens = sum(map(len, encoded.ids))
    tell({"event": "tokens", "tokens": tokens, "cut": cut, "unread": lost, "max_tokens": asked.limits["max_tokens"]})


class Scores:
    """Scores of texts, kept in the work folder as they come: a run that was killed goes on where it was."""

    def __init__(self, work: Path, run_id: str, tell: Tell) -> None:
        self.file, self.tell = work / SCORES, tell
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.known: dict[str, list[list[float]]] = {}
        if self.file.is_file() and _read(work / RUN) == run_id:
            self.known = _read(self.file)
            tell({"event": "resumed", "epoch": 0, "step": sum(map(len, self.known.values()))})
        with whole_file(work / RUN) as file:
            file.write(json.dumps(run_id))

    def of(self, part: str, engine: Engine, ids: Sequence[Sequence[int]], parts: Parts) -> NDArray[np.float32]:
        """[texts, labels] of all texts of a part, in order."""
        rows = self.known.setdefault(part, [])
        self.tell({"event": "advance", "amount": len(rows)})
        while len(rows) < len(ids):
            fresh = np.asarray(engine.logits(ids[len(rows) : len(rows) + CHUNK]))
            rows += fresh.tolist()
            with whole_file(self.file) as file:
                file.write(json.dumps(self.known))
            self.tell({"event": "advance", "amount": len(fresh)})
        return np.array(rows, np.float32).reshape(len(ids), len(parts.labels))


def claimed(work: Path, run_id: str) -> bool:
    """Whether an unfinished run in `work` is another one."""
    return (work / RUN).is_file() and _read(work / RUN) != run_id


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _without_content(asked: Asked, parts: Parts) -> list[list[int]]:
    """What is asked to learn what each label scores whatever the text is: nothing, or a sample of training texts."""
    texts: Sequence[str] = ()
    given: Sequence[Given] = ()
    if asked.prior == "content_free":
        texts, given = CONTENT_FREE, [Given(second=text) for text in CONTENT_FREE]
    if asked.prior == "batch":
        step = max(1, len(parts.train) // BATCH)
        rows = parts.train.take(list(range(0, step * min(BATCH, len(parts.train)), step)))
        texts, given = rows.texts, rows.given
    found = parts.form.encode(asked.backbone.tokenizer, texts, given, **asked.limits).ids if texts else []
    return [ids for ids in found if ids]


def _choices(recipe: Recipe, asked: Asked, parts: Parts) -> list[Choice]:
    head = (
        [Choice("backbone", asked.backbone.name, tr("by method and language", "按方法与语言"))]
        if recipe.fit.backbone == "auto"
        else []
    )
    prior = Choice(
        "prior",
        asked.prior,
        tr("each label's own likelihood, divided out; no label is read for it", "消除各标签自身的似然；无须读取标签"),
    )
    rows = Choice(
        "calibration",
        tr(f"{len(parts.dev)} rows", f"{len(parts.dev)} 行"),
        tr("all that is learnt from labels: one temperature", "由标签只学一个温度参数"),
    )
    return [
        *head,
        *asked.choices,
        prior,
        rows,
        Choice("trained_parameters", 0, tr("nothing is trained", "不训练任何参数")),
    ]


def _beyond(limits: dict[str, Any]) -> dict[str, Any]:
    """How a text is put to the model, beyond what every model.json holds."""
    return {name: value for name, value in limits.items() if name not in ("prefix", "max_tokens")}


def _made(recipe: Recipe, parts: Parts, asked: Asked, encoded: Encoded, choices: list[Choice]) -> Made:
    backbone: Backbone = asked.backbone
    settled = {"backbone": backbone.name, "head": parts.head, "metric": metric_of(recipe, parts), "prior": asked.prior}
    resolved = recipe.model_copy(update={"fit": recipe.fit.model_copy(update=settled)})
    both = {"train": Encoded([], ()), "dev": encoded}
    return Made(recipe, resolved, backbone, both, [], choices, learnt={})
