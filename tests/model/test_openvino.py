"""A model on OpenVINO answers as the whole one, whoever shares its batch, from several threads, and without torch."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside import open_model
from bedside.errors import MissingExtra

pytest.importorskip("onnx", reason="the compress extra is not installed")
pytest.importorskip("openvino", reason="the openvino extra is not installed")

NOTES = ["solid nodule, 21 mm, spiculated", "右上肺磨玻璃结节，边界清", "no nodule", "胸痛三天，加重一天 " * 4, "x"]


def on_openvino(whole: Any, way: str) -> Any:
    from bedside.train.compress import compress, parse_ways

    return compress(whole, NOTES, ways=parse_ways(way))


@pytest.fixture(scope="module")
def saved(whole: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return on_openvino(whole, "openvino").save(tmp_path_factory.mktemp("models") / "SMALL")


def test_in_32_bits_it_computes_what_torch_computes(whole: Any) -> None:
    assert np.allclose(whole.logits(NOTES), on_openvino(whole, "openvino=32").logits(NOTES), atol=1e-4)


def test_in_8_bits_it_rounds_as_onnx_runtime_does(whole: Any, saved: Path) -> None:
    from bedside.train.compress import compress

    before, here = whole.logits(NOTES), open_model(saved).logits(NOTES)
    there = compress(whole, NOTES).logits(NOTES)
    assert np.abs(here - there).max() < 0.2 * np.abs(here - before).max()
    assert (before.argmax(1) == here.argmax(1)).all()


def test_a_notes_answer_does_not_depend_on_its_neighbours(saved: Path) -> None:
    model = open_model(saved)
    alone = np.concatenate([model.logits([note]) for note in NOTES])
    assert np.abs(model.logits(NOTES) - alone).max() < 1e-4


def test_several_threads_may_ask_at_once(saved: Path) -> None:
    model = open_model(saved)
    expected = model.logits(NOTES)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: model.logits(NOTES), range(16)):
            assert np.array_equal(found, expected)


def test_it_opens_and_answers_without_torch(saved: Path) -> None:
    code = (
        f"import sys; from bedside import open_model; open_model({str(saved)!r}).predict(['solid nodule']); "
        "assert not {'torch', 'onnx', 'onnxruntime', 'transformers'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_the_extra_the_line_to_install_it_is_told(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    with pytest.raises(MissingExtra, match=r"pip install 'bedside\[openvino\]'"):
        open_model(saved)


def test_opening_it_tells_its_makers_nothing() -> None:
    code = """
import sys
called = []
away = ("socket.connect", "socket.getaddrinfo")
sys.addaudithook(lambda event, told: called.append(event) if event in away else None)
from bedside.model.engines.openvino import _library
assert _library().Core().available_devices
from openvino.tools.ovc.telemetry_utils import tm
assert tm.__name__ == "openvino.tools.ovc.telemetry_stub", tm.__name__
assert not called, called
"""
    subprocess.run([sys.executable, "-c", code], check=True)
