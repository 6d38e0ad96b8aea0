"""Several models behind one address: each request names the one it asks, and no other ever answers in its place."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bedside.model.forms import form_of
from bedside.model.given import Given
from bedside.server.service import Advise, Served
from bedside.types import Advice, Decision, Prediction

IDS = {"triage": "aaa111", "codes": "ccc333"}


def saying(label: str, seen: list[tuple[str, ...]]) -> Advise:
    """A model that says one label to everything, and remembers its batches."""

    def advise(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        seen.append(tuple(texts))
        return [Advice(prediction=Prediction(label=label, probabilities={label: 1.0})) for _ in texts]

    return advise


@pytest.fixture
def opened(open_desk: Any) -> Any:
    """`with opened(["triage"]) as (desk, batches seen by name):`."""

    @contextmanager
    def opener(names: Sequence[str], *, head: str = "classify") -> Iterator[Any]:
        seen: dict[str, list[tuple[str, ...]]] = {name: [] for name in names}
        served = [Served(name, IDS[name], saying(name, seen[name]), form_of(head)) for name in names]
        with open_desk(served[0].advise, several=served, workers=2) as desk:
            assert all(len(batches) == 2 for batches in seen.values()), "every model is asked before it is ready"
            yield desk, seen

    return opener


def test_the_model_that_is_named_answers_by_name_or_by_hash(opened: Any) -> None:
    with opened(["triage", "codes"]) as (desk, _):
        for wanted, name in (("triage", "triage"), ("codes", "codes"), ("ccc333", "codes")):
            said = desk.ask({"text": "chest pain 胸痛", "model": wanted}).json()
            assert (said["label"], said["name"], said["model"]) == (name, name, IDS[name])
        lines = desk.lines()
        assert [(line["name"], line["model"]) for line in lines[:2]] == [("triage", "aaa111"), ("codes", "ccc333")]
        page = desk.client.get("/metrics").text
        assert 'bedside_model_requests_total{name="codes",outcome="answered"} 2.0' in page
        assert all(f'bedside_model{{model="{IDS[name]}"}} 1.0' in page for name in ("triage", "codes"))
        assert desk.client.get("/readyz").json()["models"] == {"triage": "aaa111", "codes": "ccc333"}


@pytest.mark.parametrize("body", [{}, {"model": "coding"}, {"model": None}, {"model": ["triage"]}, {"model": ""}])
def test_an_unknown_or_missing_name_is_refused_with_those_there_are(opened: Any, body: dict[str, Any]) -> None:
    with opened(["triage", "codes"]) as (desk, seen):
        refused = desk.ask({"text": "fever", **body})
        assert refused.status_code == 422
        told = refused.json()["error"]
        assert (told["where"], told["allowed"]) == ("model", "triage, codes")
        assert all(len(batches) == 2 for batches in seen.values())
        (line,) = desk.lines()
        assert "name" not in line
        assert "model" not in line
        told = desk.ask({"text": "发热", **body}, **{"accept-language": "zh"}).json()["error"]
        assert "模型" in told["what"]


def test_one_model_alone_need_not_be_named_but_another_name_is_refused(opened: Any, desk: Any) -> None:
    with opened(["triage"]) as (named, _):
        assert named.ask({"text": "fever"}).json()["name"] == "triage"
        assert named.ask({"text": "fever", "model": "codes"}).status_code == 422
    plain = desk.ask({"text": "spiculated nodule"}).json()
    assert "name" not in plain
    assert desk.ask({"text": "fever", "model": "triage"}).status_code == 422


def test_under_many_requests_at_once_no_batch_mixes_models_and_each_gets_its_own_answer(opened: Any) -> None:
    names = ["triage", "codes"]
    with opened(names) as (desk, seen), ThreadPoolExecutor(8) as pool:
        asked = [(names[n % 2], f"{names[n % 2]} note {n}") for n in range(80)]
        answers = list(pool.map(lambda one: desk.ask({"texts": [one[1]] * 3, "model": one[0]}).json(), asked))
        for (name, _), said in zip(asked, answers, strict=True):
            assert [one["label"] for one in said["results"]] == [name] * 3
        for name in names:
            assert all(text.startswith(name) for batch in seen[name][2:] for text in batch)


def test_what_a_model_reads_follows_from_the_one_that_is_named(opened: Any) -> None:
    with opened(["triage"], head="pair") as (desk, _):
        assert desk.ask({"text": "fever"}).status_code == 422
        assert desk.ask({"text": "fever", "text_b": "发热", "model": "triage"}).status_code == 200


def test_openapi_shows_the_names_only_where_there_are_several(opened: Any, desk: Any) -> None:
    with opened(["triage", "codes"]) as (several, _):
        post = several.client.get("/openapi.json").json()["paths"]["/v1/predict"]["post"]
    asked = post["requestBody"]["content"]["application/json"]
    assert asked["schema"]["properties"]["model"]["examples"] == ["triage", "codes"]
    assert "model" in asked["schema"]["required"]
    assert all(one["value"]["model"] == "triage" for one in asked["examples"].values())
    alone = json.dumps(desk.client.get("/openapi.json").json()["paths"]["/v1/predict"]["post"]["requestBody"])
    assert '"model"' not in alone


def test_names_of_folders_are_checked_before_any_is_opened(tmp_path: Path) -> None:
    from bedside.commands._serve.models import named_folders
    from bedside.errors import UsageError

    (tmp_path / "a=b").mkdir()
    assert named_folders([str(tmp_path / "a=b")]) == {"": tmp_path / "a=b"}
    assert list(named_folders(["x/TRIAGE", "codes=y/TRIAGE", "分诊=z"])) == ["TRIAGE", "codes", "分诊"]
    for words in (["x/M", "y/M"], ["a b=x", "y"], ["=x", "=y"]):
        with pytest.raises(UsageError, match="name of its own"):
            named_folders(words)
