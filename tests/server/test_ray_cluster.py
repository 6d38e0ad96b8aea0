"""A real Ray cluster on this machine: replicas are killed, replaced, lost and filled, and no question goes astray."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import pytest
from cluster_aids import (
    PATIENCE_S,
    Asking,
    descendants,
    doors_to_outside,
    posted,
    status,
    told_address,
    until,
    untrained,
)
from opening import Rule

from bedside.advise import advise
from bedside.errors import ServeError
from bedside.lang import speaking
from bedside.model.folder import open_model
from bedside.model.given import Given
from bedside.server.cluster_settings import ClusterSettings
from bedside.server.errors import Refusal
from bedside.server.ray_cluster import AT_A_TIME, Cluster, _connect, open_cluster
from bedside.server.service import Served
from bedside.types import Advice

pytestmark = [
    pytest.mark.skipif(find_spec("ray") is None, reason="the ray extra is not installed: pip install 'bedside[ray]'"),
    pytest.mark.filterwarnings("ignore"),
]

SHADOWED, CLEAR = "Smith: spiculated nodule", "smooth nodule"
NOTE = "Patient: John Smith, phone 617-555-0123. Spiculated nodule."


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    before, ended = dict(os.environ), signal.getsignal(signal.SIGTERM)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), *filter(None, sys.path)])
    settings = ClusterSettings(least=2, most=2, waiting=8, timeout_s=PATIENCE_S, open_s=PATIENCE_S)
    with open_cluster(settings) as opened:
        yield opened
    signal.signal(signal.SIGTERM, ended)  # Ray leaves its own behind
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)


@pytest.fixture(scope="module")
def single(cluster: Cluster) -> Iterator[Cluster]:
    """The same cluster with one replica a model."""
    one = Cluster(replace(cluster.settings, least=1, most=1))
    yield one
    one.stop_counting()


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file: once it is there, the rule answers what is slow."""
    return tmp_path_factory.mktemp("slow") / "released"


@pytest.fixture(scope="module")
def rule(cluster: Cluster, released: Path) -> Served:
    return cluster.open("rule", "v1", Rule("v1", released=released))


def ask(served: Served, text: str) -> Advice:
    (decision,) = served.advise([text], [Given()], [Counter()])
    assert isinstance(decision, Advice)
    return decision


def session_folder() -> Path:
    """Where the cluster keeps its logs and sockets."""
    import ray

    return Path(ray._private.worker._global_node.get_session_dir_path())


def label(served: Served, text: str) -> str:
    return ask(served, text).prediction.label  # type: ignore[union-attr]


def processes(served: Served, count: int = 2) -> set[int]:
    """The processes of the replicas."""
    found: set[int] = set()
    end = time.monotonic() + PATIENCE_S
    while len(found) < count and time.monotonic() < end:
        found.add(int(ask(served, CLEAR).limits[0]))
    return found


def test_a_replica_answers_as_the_model_does_in_this_process(rule: Served) -> None:
    here, texts = Rule("v1")(), [SHADOWED, CLEAR, "毛刺征"]
    for lang in ("en", "zh"):
        removed, there = [[Counter[str]() for _ in texts] for _ in range(2)]
        with speaking(lang):  # type: ignore[arg-type]
            mine = here.advise(texts, [Given()] * 3, removed)
            its = rule.advise(texts, [Given()] * 3, there)
        assert [one.prediction for one in its] == [one.prediction for one in mine]  # type: ignore[union-attr]
        assert there == removed
        assert there[0]["NAME"] == 1
    assert rule.form.tells == here.form.tells


def test_no_question_is_lost_while_a_replica_is_killed(rule: Served) -> None:
    killed = min(processes(rule))
    with Asking(lambda: (label(rule, f"long; {SHADOWED}"), label(rule, f"long; {CLEAR}")), threads=4) as asking:
        assert asking.more(8)
        os.kill(killed, signal.SIGKILL)
        assert asking.more(100)
    assert set(asking.answers) == {("malignant", "benign")}
    assert until(lambda: killed not in processes(rule))


def test_a_new_version_is_warm_before_the_old_one_leaves(single: Cluster) -> None:
    live = {"rule": single.open("rolled", "v1", Rule("v1"))}
    with Asking(lambda: ask(live["rule"], SHADOWED).limits[1]) as asking:
        assert asking.more(20)
        old, live["rule"] = live["rule"], single.open("rolled", "v2", Rule("v2"))
        single.retire(old)
        assert asking.more(50)
    assert set(asking.answers) == {"v1", "v2"}
    assert asking.answers[-1] == "v2"
    single.retire(live["rule"])


def test_replicas_that_keep_dying_are_a_503_at_once_until_they_are_mended(single: Cluster, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    served = single.open("frail", "v1", Rule("v1", broken))
    app = single._apps["frail", "v1"]
    (only,) = processes(served, 1)
    broken.touch()
    os.kill(only, signal.SIGKILL)
    with pytest.raises(Refusal) as refused:
        ask(served, CLEAR)
    assert (refused.value.status, refused.value.code) == (503, "no_replica")  # and not "timeout": it was not waited for
    assert not single.running(app)
    broken.unlink()
    assert until(lambda: single.running(app) > 0)
    assert label(served, SHADOWED) == "malignant"
    single.retire(served)


def test_replicas_are_counted_while_a_model_opens_and_neither_takes_the_others_registration_away(
    rule: Served, single: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ray import cloudpickle

    register, unregister = cloudpickle.register_pickle_by_value, cloudpickle.unregister_pickle_by_value
    inside: list[int] = []
    most, another_comes = 0, threading.Event()

    def slowly(module: ModuleType) -> None:
        nonlocal most
        inside.append(threading.get_ident())
        most = max(most, len(set(inside)))
        another_comes.wait(0.1)
        register(module)

    def ended(module: ModuleType) -> None:
        unregister(module)
        inside.remove(threading.get_ident())

    monkeypatch.setattr(cloudpickle, "register_pickle_by_value", slowly)
    monkeypatch.setattr(cloudpickle, "unregister_pickle_by_value", ended)
    with ThreadPoolExecutor(3) as pool:
        for task in [pool.submit(one) for one in (single._look, single._deployment, single._look)]:
            task.result()
    assert most == 1


@pytest.mark.parametrize(("address", "starts"), [(None, 3), ("127.0.0.1:6379", 1)])
def test_ray_that_does_not_start_in_its_time_is_started_again_and_one_to_join_is_told_at_once(
    address: str | None, starts: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import ray

    tried: list[str] = []

    def late(**given: object) -> None:
        tried.append("start")
        raise Exception("The current node timed out during startup.")

    monkeypatch.setattr(ray, "init", late)
    monkeypatch.setattr(ray, "shutdown", lambda: tried.append("end"))
    with pytest.raises(ServeError, match="cannot be reached or started"):
        _connect(ClusterSettings(address=address), str(tmp_path))
    assert tried == ["start", "end"] * starts


def test_a_model_that_does_not_open_is_told_in_its_own_words(single: Cluster, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with pytest.raises(ServeError, match="the weights are gone"):
        single.open("never", "v1", Rule("v1", tmp_path / "broken"))


def test_a_replica_is_shut_in(rule: Served) -> None:
    assert label(rule, "call out") == "Outbound"


def test_more_questions_than_may_wait_are_refused_at_once_and_the_others_answered(rule: Served, released: Path) -> None:
    answers: list[object] = []

    def one() -> None:
        try:
            answers.append(label(rule, "slow"))
        except Refusal as refused:
            answers.append((refused.status, refused.code))

    threads = [threading.Thread(target=one) for _ in range(2 * AT_A_TIME + 8 + 12)]
    for thread in threads:
        thread.start()
    refused_at_once = until(lambda: len(answers) > 0)
    released.touch()
    for thread in threads:
        thread.join()
    assert refused_at_once
    assert answers[0] == (503, "busy")
    assert set(answers) == {(503, "busy"), "benign"}


def test_a_fault_comes_back_as_an_id_and_no_log_holds_the_text(rule: Served) -> None:
    with pytest.raises(Refusal) as refused:
        ask(rule, "crash Wenceslaus")
    assert refused.value.status == 500
    assert until(lambda: refused.value.extra["error_id"].encode() in logged())
    for word in (b"Wenceslaus", b"Smith", b"spiculated"):
        assert word not in logged()


def logged() -> bytes:
    """All that the cluster has written down so far."""
    texts = []
    for folder, _, names in os.walk(session_folder()):  # files and folders come and go
        for path in (Path(folder, name) for name in names):
            with suppress(OSError):
                texts.append(path.read_bytes() if path.is_file() else b"")
    return b"".join(texts)


def test_serve_joins_a_cluster_answers_as_it_does_without_and_ends_when_told(rule: Served, tmp_path: Path) -> None:
    import ray

    folder = untrained(tmp_path / "MODEL")
    words = ["serve", str(folder), "--no-auth", "--port", "0", "--audit", str(tmp_path / "audit.jsonl")]
    words += ["--timeout", str(PATIENCE_S), "--engine", "ray", "--cluster", ray.get_runtime_context().gcs_address]
    with subprocess.Popen([sys.executable, "-m", "bedside", *words], stderr=subprocess.PIPE, text=True) as process:
        try:
            url = told_address(process)
            assert until(lambda: status(f"{url}/readyz") == 200)
            said = posted(f"{url}/v1/predict", {"text": NOTE})
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE_S) == 0
        finally:
            process.kill()
    removed = Counter[str]()
    (here,) = advise(open_model(folder), [NOTE], removed=[removed])
    assert isinstance(here, Advice)
    assert (said["label"], said["identity_removed"]) == (here.prediction.label, removed.total())  # type: ignore[union-attr]
    assert removed.total() >= 2
    assert label(rule, SHADOWED) == "malignant"  # the cluster was left as it was


def test_a_port_that_other_machines_reach_answers_only_who_holds_the_token(rule: Served) -> None:
    import grpc
    from ray.serve.generated.serve_pb2 import ASGIRequest
    from ray.serve.generated.serve_pb2_grpc import ASGIServiceStub

    assert label(rule, CLEAR) == "benign"
    open_ones = {door for pid in descendants(os.getpid()) for door in doors_to_outside(pid)}
    assert open_ones
    assert all(name.startswith("ray::ServeReplica:") for name, _ in open_ones)  # all else: this machine alone
    for _, port in open_ones:
        with grpc.insecure_channel(f"127.0.0.1:{port}") as line, pytest.raises(grpc.RpcError) as refused:
            ASGIServiceStub(line).HandleRequest(ASGIRequest(), timeout=PATIENCE_S)
        assert refused.value.code() is grpc.StatusCode.UNAUTHENTICATED


def test_the_clusters_files_are_its_owners_alone(rule: Served) -> None:
    assert session_folder().parents[1].stat().st_mode & 0o077 == 0
