"""A model on another machine is asked without identity, answers past the guard, and only where it was listed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from _other_program import Reply, answering
from bedside.errors import ConfigError
from bedside.server.clinic.settings import RemoteModel, read_settings
from bedside.server.remote import remote_models
from bedside.types import Finding, Proposal, Verdict, verdict


class Llm:
    """Another program's chat, as vLLM, TGI and Ollama speak it; `heard` is what it was sent."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.keys: list[str | None] = []
        self.says: Any = "Rest and drink. 多喝水。"
        self.finish, self.status = "stop", 200
        self.moved_to = ""

    def answer(self) -> bytes:
        message = {"role": "assistant", "content": self.says}
        logprobs = {"content": [{"token": "Rest", "logprob": -0.5}, {"token": ".", "logprob": -1.5}]}
        choice = {"index": 0, "message": message, "finish_reason": self.finish, "logprobs": logprobs}
        return json.dumps({"choices": [choice]}).encode()


@pytest.fixture
def llm() -> Iterator[tuple[Llm, str]]:
    """It runs on this machine; with its address."""
    one = Llm()

    def reply(body: bytes, headers: Mapping[str, str]) -> Reply:
        one.heard.append(json.loads(body))
        one.keys.append(headers["Authorization"])
        return one.status, {"Location": one.moved_to} if one.moved_to else {}, one.answer()

    with answering(reply) as address:
        yield one, f"{address}/v1"


def named(address: str, **more: Any) -> RemoteModel:
    return RemoteModel.model_validate(
        {"name": "qwen", "engine": "remote", "address": address, "model": "qwen3", **more}
    )


def chat(open_ward: Callable[..., Any], model: RemoteModel, text: str, **settings: Any) -> Any:
    ward = open_ward(models=remote_models([model], [model.address]), **settings)
    body = {"model": "qwen", "messages": [{"role": "user", "content": text}]}
    return ward.as_("clinician").post("/v1/chat/completions", json=body)


def test_it_answers_in_both_languages_and_a_clinician_decides(open_ward: Callable[..., Any], llm: Any) -> None:
    one, address = llm
    answer = chat(open_ward, named(address, system="Be brief."), "What helps in influenza? 流感怎么办？").json()
    (choice,) = answer["choices"]
    assert choice["finish_reason"] == "stop"
    assert "Rest and drink. 多喝水。" in choice["message"]["content"]
    assert "a clinician decides" in choice["message"]["content"]
    assert one.heard[0]["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "What helps in influenza? 流感怎么办？"},
    ]
    assert one.heard[0]["model"] == "qwen3"


def test_identity_does_not_leave(open_ward: Callable[..., Any], llm: Any) -> None:
    one, address = llm
    said = "Patient John Smith, MRN 4482913, phone 555-201-3344, has a cough. 患者张伟，电话13812345678，咳嗽。"
    assert chat(open_ward, named(address), said).status_code == 200
    sent = json.dumps(one.heard, ensure_ascii=False)
    assert "cough" in sent
    assert "咳嗽" in sent
    for secret in ("Smith", "4482913", "555-201-3344", "张伟", "13812345678"):
        assert secret not in sent


def test_what_it_writes_passes_the_guard_like_any_draft(open_ward: Callable[..., Any], llm: Any) -> None:
    one, address = llm
    one.says = "Give colchicine."

    def block(proposal: Proposal) -> Verdict:
        found = Finding(rule="renal.colchicine", severity="critical", reason="eGFR is too low.", source="label")
        return verdict([found] if "colchicine" in proposal.text else [])

    (choice,) = chat(open_ward, named(address), "Gout?", guard=block).json()["choices"]
    assert choice["finish_reason"] == "content_filter"
    assert "colchicine" not in choice["message"]["content"]


def test_a_program_that_tells_no_probabilities_is_answered_with_but_not_held_for_sure(llm: tuple[Llm, str]) -> None:
    one, address = llm
    model = remote_models([named(address)], [address])["qwen"]
    (sure,) = model.advise(["What helps in influenza?"], (), ())
    one.answer = lambda: json.dumps({"choices": [{"message": {"content": "Rest."}, "finish_reason": "stop"}]}).encode()  # type: ignore[method-assign]
    (unsaid,) = model.advise(["What helps in gout?"], (), ())
    assert (unsaid.prediction.text, unsaid.prediction.probability) == ("Rest.", 0.0)
    assert 0 < sure.prediction.probability < 1


def test_an_answer_broken_off_is_said_to_be(open_ward: Callable[..., Any], llm: Any) -> None:
    one, address = llm
    one.finish = "length"
    assert chat(open_ward, named(address), "Gout?").json()["choices"][0]["finish_reason"] == "length"


@pytest.mark.parametrize("fault", ["status", "shape", "moved"])
def test_one_that_fails_is_a_failure_and_never_an_empty_answer(
    open_ward: Callable[..., Any], llm: Any, fault: str
) -> None:
    one, address = llm
    if fault == "status":
        one.status = 503
    elif fault == "moved":
        one.status, one.moved_to = 302, "http://127.0.0.1:9/elsewhere"
    else:
        one.answer = lambda: b'{"choices": []}'
    answer = chat(open_ward, named(address), "Has the patient a secret cough?")
    assert answer.status_code == 500
    assert "secret" not in answer.text


def test_its_key_comes_from_a_file_and_goes_in_a_header(
    open_ward: Callable[..., Any], llm: Any, tmp_path: Path
) -> None:
    one, address = llm
    (tmp_path / "key").write_text("s3cret\n")
    chat(open_ward, named(address, key_file=tmp_path / "key"), "Gout?")
    assert one.keys == ["Bearer s3cret"]
    with pytest.raises(ConfigError, match="cannot be read"):
        remote_models([named(address, key_file=tmp_path / "none")], [address])


def test_it_is_asked_only_where_it_is_listed_and_nobody_can_listen() -> None:
    far = named("https://llm.hospital.lan:8443/v1")
    assert set(remote_models([far], ["https://llm.hospital.lan:8443"])) == {"qwen"}
    with pytest.raises(ConfigError, match="not in outbound"):
        remote_models([far], [])
    with pytest.raises(ConfigError, match="not in outbound"):
        remote_models([far], ["https://llm.hospital.lan"])
    with pytest.raises(ConfigError, match="https is needed"):
        remote_models([named("http://llm.hospital.lan/v1")], ["llm.hospital.lan"])


def test_settings_name_it_and_a_misspelt_key_is_refused(tmp_path: Path) -> None:
    text = '[[models]]\nname = "qwen"\nengine = "remote"\naddress = "https://llm.lan/v1"\nmodel = "qwen3"\n'
    (tmp_path / "clinic.toml").write_text(text)
    (one,) = read_settings(tmp_path / "clinic.toml").models
    assert one.new_tokens == 512
    (tmp_path / "clinic.toml").write_text(text + 'adress = "x"\n')
    with pytest.raises(ConfigError, match="adress"):
        read_settings(tmp_path / "clinic.toml")
    assert set(remote_models([one], ["https://llm.lan"])) == {"qwen"}


def test_a_model_folder_cannot_name_an_address(tmp_path: Path) -> None:
    from bedside import open_model
    from bedside.errors import ModelError
    from bedside.model.manifest import write_manifest

    (tmp_path / "model.json").write_text(json.dumps({"format": 2, "engine": "remote", "address": "https://x.org"}))
    write_manifest(tmp_path)
    with pytest.raises(ModelError, match="unknown"):
        open_model(tmp_path)
