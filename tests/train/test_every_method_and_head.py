"""Every way of adapting with every head: cut short, resumed, opened, measured, asked, explained and served; or refused.

The names come from the registry: a new method or head is tested here before anyone has thought of it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
from fit_rows import write_rows
from recipe_rows import data_of, rows_for
from starlette.testclient import TestClient
from tiny_decoders import tiny_decoder, tiny_masked

from bedside import open_model, registry
from bedside.commands._predict.doubt import Said
from bedside.commands._serve.models import answering, opened_models
from bedside.config import UNTRAINED, Recipe
from bedside.config.choices import Adapt, Head
from bedside.errors import UsageError
from bedside.evaluate.answers import gathered
from bedside.explain.attribute import explain
from bedside.explain.faithfulness import check
from bedside.model.folder import Model
from bedside.model.reading import read_labelled
from bedside.model.rows import Labelled
from bedside.server.app import build_app
from bedside.server.audit import AuditLog
from bedside.server.auth import read_keys
from bedside.server.service import Service
from bedside.server.settings import Settings
from bedside.train import adapt, prompted
from bedside.train.fit import fit
from bedside.train.writer import ADAPTS

pytest.importorskip("transformers")
pytest.importorskip("peft")

HEADS = sorted(set(get_args(Head)) - {"auto", "score"})
METHODS = list(get_args(Adapt))
ROWS = 24
OWN: dict[str, dict[str, Any]] = {
    "partial": {"layers": 1},
    "lora": {"lora_rank": 2},
    "dora": {"lora_rank": 2},
    "adalora": {"lora_rank": 2, "final_rank": 1, "prune_every": 1},
    "adapter": {"adapter_size": 4},
    "prompt": {"prompt_length": 2},
    "prefix": {"prompt_length": 2},
}
REFUSED = ("nothing of this kind in the text", "nothing was written")
"""What a network that was hardly taught may have to say where it is to be explained."""


class PowerCutError(Exception):
    pass


def runs(method: str, head: str) -> bool:
    """Whether the two go together on a machine without a GPU; what does not is refused."""
    if method in UNTRAINED:
        return head in prompted.HEADS
    return method != "qlora" and (head != "generate" or method in ADAPTS)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small table a head."""
    place = tmp_path_factory.mktemp("tables")
    found = {}
    for head in HEADS:
        recipe = Recipe.from_dict({"data": data_of(head, place / "t"), "fit": {"head": head}})
        found[head] = write_rows(place / f"{head}.jsonl", rows_for(recipe, ROWS))
    return found


@pytest.fixture(scope="module")
def networks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """The backbone that suits a method and a head."""
    place = tmp_path_factory.mktemp("networks")
    decoder = tiny_decoder(place / "decoder", max_position_embeddings=1024)
    masked = tiny_masked(place / "masked")

    def suiting(method: str, head: str) -> str:
        if head == "generate" or method == "few_shot" or (method, head) == ("zero_shot", "pair"):
            return str(decoder)
        return str(masked) if method == "verbaliser" else "echo"

    return suiting


def recipe_of(method: str, head: str, table: Path, backbone: str) -> Recipe:
    how: dict[str, Any] = {"head": head, "adapt": method, "backbone": backbone, "precision": "fp32", "max_tokens": 96}
    how |= {"checkpoint_minutes": 1e-9, "batch_rows": 4, "batch_tokens": 512, **OWN.get(method, {})}
    if method not in UNTRAINED:
        how |= {"epochs": 1, "learning_rate": 1e-2}
    if head == "generate" and method not in UNTRAINED:
        how |= {"prompt": "<s>{text} =>", "write": {"new_tokens": 4}}
    return Recipe.from_dict({"data": data_of(head, table), "fit": how})


def power_cut(method: str) -> Callable[[dict[str, Any]], None]:
    """The power goes at the third step, or when the first texts have been asked."""

    heard: list[str] = []

    def cut(event: dict[str, Any]) -> None:
        heard.append(event["event"])
        asked = method in UNTRAINED and event["event"] == "advance" and event["amount"] and "tokens" in heard
        if asked or (event["event"] == "step" and event["step"] == 3):
            raise PowerCutError

    return cut


def served(folder: Path, data: dict[str, Any], rows: Labelled, place: Path) -> dict[str, Any]:
    """What the server says of the first row."""
    corpus = {"corpus": data["train"]} if rows.head == "rank" else {}
    (model,) = opened_models({"": folder}, corpus, None, None)
    settings = Settings(workers=1, drain_s=1.0)
    audit = AuditLog(place / "audit.jsonl")
    service = Service(
        answering(Said().asked(model)), model.form, model_id="m", settings=settings, keys=read_keys(None), audit=audit
    )
    body: dict[str, Any] = {"text": rows.texts[0]}
    body |= {"text_b": rows.given[0].second} if model.form.two else {}
    if model.form.marked:
        body["entities"] = [{"start": e.start, "end": e.end, "type": e.type} for e in rows.given[0].entities]
    with TestClient(build_app(service), raise_server_exceptions=False) as client:
        client.portal.call(service.warm_up)  # type: ignore[union-attr]
        answer = client.post("/v1/predict", json=body)
    audit.close()
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def explained(model: Model, rows: Labelled, *, checked: bool) -> None:
    """The first row's answer is explained by words of its texts, or nothing is there to be explained."""
    second = rows.given[0].second if model.form.two else ""
    try:
        found = explain(model, rows.texts[0], second, entities=rows.given[0].entities)
    except UsageError as fault:
        if any(one in str(fault) for one in REFUSED):
            return
        raise
    assert found.words
    assert np.isfinite([word.score for word in found.words]).all()
    if checked:
        assert np.isfinite(check(model, found).curve).all()


def test_the_names_tested_here_are_all_there_are() -> None:
    assert set(HEADS) == set(registry.names("heads"))
    assert set(METHODS) == {*adapt.methods(), *prompted.methods()}
    assert set(UNTRAINED) == set(prompted.methods())


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("head", HEADS)
def test_a_method_and_a_head_go_all_the_way_or_are_refused_with_what_is_allowed(
    method: str, head: str, tables: dict[str, Path], networks: Callable[[str, str], str], tmp_path: Path
) -> None:
    table, out = tables[head], tmp_path / "M"
    if not runs(method, head):
        with pytest.raises(UsageError) as fault:
            fit(recipe_of(method, head, table, networks(method, head)), out=out)
        assert "Allowed: " in str(fault.value), str(fault.value)
        assert "Next: " in str(fault.value), str(fault.value)
        assert not out.exists()
        return
    recipe = recipe_of(method, head, table, networks(method, head))
    with pytest.raises(PowerCutError):
        fit(recipe, out=out, on_event=power_cut(method))
    assert not out.exists()
    heard: list[str] = []
    model = fit(recipe, out=out, on_event=lambda event: heard.append(event["event"]))
    assert "resumed" in heard
    rows, again = read_labelled(table, recipe.data, head=head).take([1, 2, 3]), open_model(out)
    for one, two in zip(model.logits(rows.texts, rows.given), again.logits(rows.texts, rows.given), strict=True):
        assert np.array_equal(one, two)
    answers = again.predict(rows.texts, rows.given)
    assert len(answers) == 3
    assert gathered(head, again.labels, answers).measure(rows.labels, rows.patients, seed=0).metrics
    explained(again, rows, checked=method == "full")
    assert served(out, data_of(head, table), rows, tmp_path)["outcome"] in ("advice", "abstained")
