"""A fitted model: texts in, calibrated predictions out; saved as one folder (`layout.py`) and opened again from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bedside.errors import ModelError
from bedside.files import whole_folder
from bedside.lang import tr
from bedside.model.apart import Shelf, shelf_for
from bedside.model.calibration import Calibration, Floats
from bedside.model.contents import check_calibration, check_doubt, check_settings
from bedside.model.doubt import Doubt
from bedside.model.engine import Engine, Outputs, engine_module
from bedside.model.familiar import read_familiar
from bedside.model.forms import Form, form_of
from bedside.model.given import Given
from bedside.model.inputs import Encoded
from bedside.model.layout import FORMAT, card_name, check_place, read_json, read_settings
from bedside.model.manifest import check_manifest, write_manifest
from bedside.types import Answer


@dataclass(frozen=True)
class Model:
    """A model in memory. `settings` is model.json; texts given to it must already be without identity."""

    settings: dict[str, Any]
    engine: Engine = field(repr=False)
    calibration: Calibration
    recipe: dict[str, Any]
    receipt: dict[str, Any]
    fitting: dict[str, Any] = field(default_factory=dict, repr=False)
    cards: dict[str, str] = field(default_factory=dict, repr=False)
    bound: Form | None = field(default=None, repr=False)
    doubt: Doubt | None = field(default=None, repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Label names, in the order of the columns of `logits`."""
        return tuple(self.settings["labels"])

    @property
    def head(self) -> str:
        """The name of the head: one of `heads/*.py`."""
        return str(self.settings["head"])

    @property
    def form(self) -> Form:
        """The form of its answers; `bound` where more than the model gives them: a corpus, a finder of entities."""
        return self.bound or form_of(self.head)

    @property
    def tokenizer(self) -> Any:
        """The `tokenizers.Tokenizer`."""
        return self.engine.tokenizer

    @property
    def network(self) -> Any:
        """The encoder as a torch module; only the torch engine has one."""
        return self._torch("network")

    @property
    def head_module(self) -> Any:
        """The output layer as a torch module; only the torch engine has one."""
        return self._torch("head")

    @property
    def card(self) -> str:
        """The model card in English, Markdown."""
        return self.cards.get("en", "")

    def encode(self, texts: Sequence[str], given: Sequence[Given] = ()) -> Encoded:
        """Token ids; which texts were too long and lost their middle, and which cannot be read."""
        limits = {"prefix": self.settings["prefix"], "max_tokens": self.settings["max_tokens"]}
        limits |= self.settings.get("learnt", {})
        return self.form.encode(self.tokenizer, texts, given, **limits)

    def logits(self, texts: Sequence[str], given: Sequence[Given] = ()) -> Outputs:
        """Raw outputs: [n, labels], or [tokens, k] for each piece of a text."""
        return self.engine.logits(self.encode(texts, given).ids)

    def probabilities(self, texts: Sequence[str], given: Sequence[Given] = ()) -> Floats:
        """Calibrated probabilities [n, labels] of a head that gives labels."""
        return self.calibration.probabilities(np.asarray(self.logits(texts, given), np.float64), self.head)

    def predict(self, texts: Sequence[str], given: Sequence[Given] = ()) -> Sequence[Answer]:
        """An answer a text, in order; `given` is what each row gives beside its text.

        >>> open_model("MODEL").predict(["spiculated nodule, 21 mm"])[0].label  # doctest: +SKIP
        'malignant'
        """
        return self.answers(self.encode(texts, given)) if texts else []

    def answers(self, encoded: Encoded) -> Sequence[Answer]:
        """An answer to each encoded text."""
        return self.form.answers(self.engine.logits(encoded.ids), encoded, self.labels, self.calibration)

    def save(self, folder: str | Path, *, replace: bool = False) -> Path:
        """Write the folder whole or not at all; an existing one is replaced only if asked, and only if a model."""
        folder = Path(folder)
        check_place(folder, replace=replace)
        with whole_folder(folder) as fresh:
            self._write(fresh)
        return folder

    def _write(self, folder: Path) -> None:
        self.engine.save(folder)
        parts = {
            "model": {**self.settings, "format": FORMAT},
            "calibration": self.calibration.to_dict(),
            "recipe": self.recipe,
            "receipt": self.receipt,
            "fitting": self.fitting,
        }
        if self.doubt is not None:
            parts["doubt"] = self.doubt.to_dict()
            if self.doubt.familiar is not None:
                self.doubt.familiar.save(folder)
        for name, values in parts.items():
            text = json.dumps(values, ensure_ascii=False, indent=1)
            (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        for lang, card in self.cards.items():
            (folder / card_name(lang)).write_text(card, encoding="utf-8")
        write_manifest(folder)

    def _torch(self, part: str) -> Any:
        if not hasattr(self.engine, part):
            raise ModelError(
                tr("this model has no gradients: it was compressed", "该模型已压缩，没有梯度"),
                value=self.settings.get("engine"),
                next=tr("use the folder it was compressed from", "请使用压缩前的模型目录"),
            )
        return getattr(self.engine, part)


def open_model(folder: str | Path, *, backbone: str | Path | None = None) -> Model:
    """Open a saved model; raises ModelTooNew, ModelTampered or ModelError when it cannot be trusted as it is.

    `backbone` is where the backbone lies, of a model whose folder does not hold it and names another place.
    """
    return _open(Path(folder), Shelf(str(backbone) if backbone is not None else None))


def open_models(folders: Sequence[str | Path], *, backbone: str | Path | None = None) -> list[Model]:
    """Open several; those kept apart from one and the same backbone hold it in memory once.

    >>> one, two = open_models(["TRIAGE", "CODING"])  # doctest: +SKIP
    """
    places = [Path(folder) for folder in folders]
    settings = [read_settings(folder) for folder in places]
    shelf = shelf_for(settings, str(backbone) if backbone is not None else None)
    return [_open(folder, shelf) for folder in places]


def _open(folder: Path, shelf: Shelf) -> Model:
    settings = read_settings(folder)
    with ThreadPoolExecutor(1) as pool:  # libraries are loaded while the hashes are computed, nothing of the folder is
        opening = pool.submit(engine_module, folder, settings)
        check_manifest(folder)
    module, calibration = opening.result(), read_json(folder, "calibration")
    check_settings(settings, folder / "model.json")
    check_calibration(calibration, len(settings["labels"]), folder / "calibration.json")
    return Model(
        settings=settings,
        engine=module.open_folder(folder, settings, shelf),
        calibration=Calibration.from_dict(calibration),
        recipe=read_json(folder, "recipe"),
        receipt=read_json(folder, "receipt"),
        fitting=read_json(folder, "fitting"),
        doubt=_doubt(folder, len(settings["labels"])),
        cards={lang: path.read_text("utf-8") for lang in ("en", "zh") if (path := folder / card_name(lang)).exists()},
    )


def _doubt(folder: Path, labels: int) -> Doubt | None:
    """What was calibrated for doubt, if anything was."""
    if not (folder / "doubt.json").exists():
        return None
    values = read_json(folder, "doubt")
    check_doubt(values, labels, folder / "doubt.json")
    return Doubt.from_dict(values, read_familiar(folder))
