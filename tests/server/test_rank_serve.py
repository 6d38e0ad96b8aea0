"""A ranking model behind the server: a question in, the nearest documents of its corpus out, identity removed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.advise import advise
from bedside.commands._serve.models import opened_models
from bedside.config import Recipe
from bedside.errors import UsageError
from bedside.model.corpus_file import CorpusFile
from bedside.model.folder import Model
from bedside.model.given import NOTHING
from bedside.train.fit import fit
from bedside.types import Advice


def opened(folder: Path, data: dict[str, Any]) -> Model:
    (model,) = opened_models({"": folder / "M"}, data, None, None)
    return model


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("rank")
    rows = [{"id": f"d{n}", "text": f"sign {n}", "answer": f"advice {n}"} for n in range(40)]
    (place / "t.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"answer": " "}]), "utf-8")
    data = {"train": place / "t.jsonl", "text_b": "answer", "identity": "absent", "identity_reason": "made up"}
    how = {"head": "rank", "backbone": "echo", "epochs": 1, "precision": "fp32"}
    fit(Recipe.from_dict({"data": data, "fit": how}), out=place / "M")
    return place


def test_a_question_is_answered_out_of_the_corpus_and_what_is_kept_of_it_holds_no_text(
    folder: Path, home: Path
) -> None:
    model = opened(folder, {"corpus": folder / "t.jsonl", "top": 2})
    (decision,) = advise(model, ["sign 7"])
    assert isinstance(decision, Advice)
    told = model.form.told("sign 7", NOTHING, decision.prediction)
    assert len(told["documents"]) == 2
    assert {one["id"] for one in told["documents"]} < {f"d{n}" for n in range(40)}
    assert not model.form.two
    kept = [path.read_bytes() for path in (home / "corpora").rglob("*") if path.is_file()]
    assert kept
    assert not any(b"advice" in one for one in kept)


def test_a_corpus_is_embedded_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = {"corpus": folder / "t.jsonl"}
    before: Any = opened(folder, corpus).bound
    monkeypatch.setattr(CorpusFile, "_embed", lambda *_: pytest.fail("embedded again"))
    after: Any = opened(folder, corpus).bound
    assert np.array_equal(before.corpora[0].vectors, after.corpora[0].vectors)
    assert isinstance(after.corpora[0].vectors, np.memmap)


def test_without_a_corpus_there_is_nothing_to_serve(folder: Path) -> None:
    with pytest.raises(UsageError, match="no corpus is named"):
        opened(folder, {})
