"""`bedside serve` and `bedside compress` as a user runs them: a real process, a real port, a real SIGTERM."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from cluster_aids import PATIENCE_S, status, told_address, until

from bedside.commands._call import call
from bedside.errors import ModelError, UsageError
from bedside.server.auth import make_key

pytest.importorskip("onnx", reason="the compress extra is not installed")

ROWS = [
    ("solid nodule, spiculated", "malignant"),
    ("smooth nodule", "benign"),
    ("毛刺", "malignant"),
    ("光滑", "benign"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An untrained model, and a table labelled with its own answers."""
    import torch

    from bedside import registry
    from bedside.backbones._load import load_backbone
    from bedside.model.calibration import Calibration
    from bedside.model.engines.torch import TorchEngine
    from bedside.model.folder import Model

    place = tmp_path_factory.mktemp("models")
    backbone, labels = load_backbone("echo"), ["benign", "malignant"]
    torch.manual_seed(1)
    head = registry.load("heads", "classify")(backbone.hidden_size, labels)
    torch.nn.init.normal_(head.out.weight, std=1.0)
    settings = {"head": "classify", "labels": labels, "engine": "torch", "hidden_size": backbone.hidden_size}
    settings |= {"pad_id": backbone.pad_id, "prefix": backbone.prefix, "max_tokens": 128}
    engine = TorchEngine(backbone.network, head, backbone.tokenizer, backbone.pad_id)
    model = Model(settings, engine, Calibration(), recipe={}, receipt={})
    model.save(place / "WHOLE")
    answers = [prediction.label for prediction in model.predict([text for text, _ in ROWS])]
    for name, labelled in (("right", answers), ("wrong", [labels[label == labels[0]] for label in answers])):
        rows = [{"text": text, "label": label} for (text, _), label in zip(ROWS, labelled, strict=True)]
        (place / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return place


@pytest.fixture(scope="module")
def small(folder: Path) -> Path:
    code, said = call(
        "compress", str(folder / "WHOLE"), "-o", str(folder / "SMALL"), "--data", str(folder / "right.jsonl"), "--json"
    )
    assert code == 0
    assert json.loads(said.strip().splitlines()[-1])["agreement"] == 1.0
    return folder / "SMALL"


def cost(*, after: float) -> Any:
    from bedside.train.compress import Cost

    return Cost(metric="macro_f1", before=0.90, after=after, agreement=0.9, largest_change=0.2, n=4)


def sized(megabytes: float) -> Any:
    from bedside.train.compress._speed import Speed

    return Speed(megabytes=megabytes, cold_start_s=1, p50_ms={16: 1, 128: 2}, texts_per_second=9)


def test_a_model_that_got_worse_is_not_saved_and_both_figures_are_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.train.compress import _choose

    monkeypatch.setattr(_choose, "measure", lambda *_: cost(after=0.88))
    monkeypatch.setattr(_choose, "speeds", lambda *_, **__: [sized(5), sized(4)])
    words = ["compress", str(folder / "WHOLE"), "-o", str(folder / "WORSE"), "--data", str(folder / "right.jsonl")]
    with pytest.raises(ModelError, match=r"0\.9000 -> 0\.8800") as refused:
        call(*words)
    assert refused.value.exit_code == 2
    assert not (folder / "WORSE").exists()
    call(*words, "--most-drop", "0.03")
    assert (folder / "WORSE" / "model.onnx").exists()


def test_compressing_without_anything_to_check_on_is_refused(folder: Path) -> None:
    with pytest.raises(UsageError, match="labelled data"):
        call("compress", str(folder / "WHOLE"), "-o", str(folder / "NONE"))


def test_a_model_is_never_replaced_by_its_own_small_copy_which_could_not_be_tuned(folder: Path) -> None:
    link = folder / "LINK"
    link.symlink_to(folder / "WHOLE")
    before = {path.name: path.read_bytes() for path in (folder / "WHOLE").iterdir() if path.is_file()}
    for out in (folder / "WHOLE", folder / "SMALL" / ".." / "WHOLE", link):
        words = ["compress", str(folder / "WHOLE"), "-o", str(out), "--data", str(folder / "right.jsonl"), "--force"]
        with pytest.raises(UsageError, match="named twice"):
            call(*words)
    assert {path.name: path.read_bytes() for path in (folder / "WHOLE").iterdir() if path.is_file()} == before


@pytest.mark.parametrize("padding", [0, 10])
def test_a_result_that_is_not_smaller_is_said_to_be_so(
    folder: Path, padding: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bedside.train.compress import _choose

    monkeypatch.setattr(_choose, "compress", lambda whole, *_, **__: whole)
    monkeypatch.setattr(_choose, "measure", lambda *_: cost(after=0.90))
    monkeypatch.setattr(_choose, "speeds", lambda *_, **__: [sized(5), sized(4 + padding)])
    words = ["compress", str(folder / "WHOLE"), "-o", str(tmp_path / "SMALL"), "--data", str(folder / "right.jsonl")]
    _, said = call(*words)
    assert ("NOT smaller" in said) == (padding > 0)
    _, told = call(*words, "--force", "--json")
    assert json.loads(told.strip().splitlines()[-1])["smaller"] == (padding == 0)


def test_a_file_where_the_small_model_should_go_is_refused_before_any_work(folder: Path) -> None:
    table = folder / "right.jsonl"
    for out in (table, table / "SMALL"):
        with pytest.raises(UsageError, match=r"a file stands|cannot write there"):
            call("compress", str(folder / "WHOLE"), "-o", str(out), "--data", str(table))


SERVER = """
import asyncio, sys
from pathlib import Path
from bedside.cli import main
from bedside.server import leaving, run

async def leaves(server, notice_s, leave=run.leave):
    while not Path(sys.argv[0]).exists():
        await asyncio.sleep(0.01)
    await leave(server, 0.0)

sys.argv[0] = sys.argv.pop(1)
leaving.LAST_WORD_S = 300.0
run.leave = leaves
main()
"""
"""`bedside`, which gives notice until the file that is named first is there, not for a second, and hears out whoever is
inside for as long as that takes: a test whose machine is held up must not miss either."""


class Running:
    """A server process and how to ask it; it leaves, once told to, when `noticed` is there."""

    def __init__(self, process: subprocess.Popen[str], key: str, noticed: Path) -> None:
        self.process, self.key, self.noticed = process, key, noticed
        self.url = told_address(process)
        self.port = int(self.url.rpartition(":")[2])

    def ask(self, method: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
        with self.line() as line:
            headers = {"Authorization": f"Bearer {key}"} if key else {}
            line.request(method, path, json.dumps(body) if body else None, headers)
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())

    @contextmanager
    def line(self) -> Iterator[http.client.HTTPConnection]:
        """A connection that is kept."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)) as line:
            yield line


def status_on(line: http.client.HTTPConnection, path: str) -> int:
    """What an address answers on a connection that is kept."""
    line.request("GET", path)
    with line.getresponse() as answer:
        answer.read()
    return answer.status


@pytest.fixture
def running(small: Path, tmp_path: Path) -> Iterator[Running]:
    key, line = make_key("ward-3")
    (tmp_path / "keys.txt").write_text(line)
    noticed = tmp_path / "noticed"
    words = ["serve", str(small), "--port", "0", "--keys", str(tmp_path / "keys.txt")]
    words += ["--audit", str(tmp_path / "audit.jsonl"), "--timeout", str(PATIENCE_S)]
    command = [sys.executable, "-c", SERVER, str(noticed), *words]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            server = Running(process, key, noticed)
            assert until(lambda: status(f"{server.url}/readyz") == 200)
            yield server
        finally:
            process.kill()


def test_it_answers_with_a_key_and_removes_identity_first(running: Running) -> None:
    note = {"text": "Patient: John Smith, phone 617-555-0123. Solid nodule."}
    status, answer = running.ask("POST", "/v1/predict", note, running.key)
    assert (status, answer["label"] in ("benign", "malignant")) == (200, True)
    assert answer["identity_removed"] >= 2
    assert running.ask("POST", "/v1/predict", note)[0] == 401


def test_on_sigterm_it_says_not_ready_first_finishes_what_runs_and_ends_with_0(running: Running) -> None:
    many = {"texts": ["solid nodule, spiculated, " * 200] * 32}
    with running.line() as asking, running.line() as watching:
        asking.request("POST", "/v1/predict", json.dumps(many), {"Authorization": f"Bearer {running.key}"})
        assert status_on(watching, "/readyz") == 200
        running.process.send_signal(signal.SIGTERM)
        while (ready := status_on(watching, "/readyz")) == 200:
            pass
        running.noticed.touch()
        assert ready == 503
        assert asking.getresponse().status == 200
    assert running.process.wait(PATIENCE_S) == 0
    assert running.process.stderr is not None
    assert "Traceback" not in running.process.stderr.read()


def ask_until_refused(running: Running, heard: list[object]) -> None:
    """One ward's system: it keeps its connection as long as it may, and asks until nobody listens any more."""
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=PATIENCE_S)
    head = {"Authorization": f"Bearer {running.key}"}
    while True:
        try:
            line.connect()
        except OSError:
            return
        try:
            kept = True
            while kept:
                line.request("POST", "/v1/predict", json.dumps({"text": "solid nodule"}), head)
                answer = line.getresponse()
                answer.read()
                heard.append(answer.status)
                kept = answer.getheader("connection") != "close"
        except OSError as fault:
            heard.append(type(fault).__name__)
        line.close()


def test_on_sigterm_under_load_nobody_is_cut_off_without_an_answer(running: Running) -> None:
    heard: list[object] = []
    wards = [threading.Thread(target=ask_until_refused, args=(running, heard)) for _ in range(16)]
    for ward in wards:
        ward.start()
    assert until(lambda: heard.count(200) > 32)
    running.noticed.touch()
    running.process.send_signal(signal.SIGTERM)
    assert running.process.wait(PATIENCE_S) == 0
    for ward in wards:
        ward.join(PATIENCE_S)
    cut_off = [one for one in heard if one not in (200, 503)]
    assert len(cut_off) <= 1  # a connection that sends at the very moment it is closed: the client must ask again


def test_a_new_key_goes_to_the_caller_and_its_hash_to_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    _, line = call("serve", "--make-key", "ward-3")
    assert line.split()[0] == "ward-3"
    key = capsys.readouterr().err.splitlines()[0].split()[-1]
    assert key.startswith("bedside_")
    assert key not in line
