"""Models as replicas on a Ray cluster, this machine's own or one to join. The one folder that imports ray.

Each version of a model is an application of its own: a new one is warm before the server turns to it, and which version
answers is decided in the server alone, as it is without Ray.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any

from bedside import __version__
from bedside.errors import MissingExtra, ServeError
from bedside.lang import tr
from bedside.server.cluster_settings import ClusterSettings, environment
from bedside.server.ray_cluster.asked import LOOK_S, Asked
from bedside.server.replica import Opening, Replica
from bedside.server.replicas import answered_by
from bedside.server.service import Served
from bedside.server.settings import usable_cores

AT_A_TIME = 2
"""Questions that a replica holds: one that it answers, one that is there when it has."""
STALE_S = 10.0
"""A count older than this counts as none: the cluster does not answer."""
STARTS = 3
"""How often a cluster of this machine's own is tried to start: Ray's node gives up when one of its own processes takes
more than some 20 s, which no setting changes and a machine that is held up exceeds."""
STORE_BYTES = 128 * 2**20
LOUDEST = logging.WARNING

_DESCRIBING = threading.Lock()
"""Held wherever Ray Serve writes its settings down: it registers a module for that, process-wide, and two threads at it
at once take each other's registration away (ValueError in either)."""

_OURS = re.compile(r"bedside\.errors\.\w+: (.+)")
_ANY = re.compile(r"^(?:\w+\.)*(\w+(?:Error|Exception|NotFound))\b", re.MULTILINE)
"""The words of an error of ours, or the name of any, within what Ray says of a replica that does not start."""


@contextmanager
def open_cluster(settings: ClusterSettings) -> Iterator[Cluster]:
    """Start a cluster on this machine, which ends with the block, or join one, whose models stay; ServeError.

    Once a process, before anything imports ray: it reads its secret then.
    """
    os.environ |= environment(settings.address)
    folder = tempfile.mkdtemp(prefix="bedside-")  # its owner's alone; Ray's own folder within it is anybody's
    try:
        _connect(settings, folder)
        cluster = Cluster(settings)
        try:
            yield cluster
        finally:
            cluster.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _connect(settings: ClusterSettings, folder: str) -> None:
    try:
        import ray
        from ray import serve
    except ImportError:
        raise MissingExtra("ray[serve]", "ray") from None
    quiet: dict[str, Any] = {"logging_level": LOUDEST, "log_to_driver": False, "namespace": "bedside"}
    alone: dict[str, Any] = {
        "num_cpus": usable_cores(),
        "include_dashboard": False,
        "object_store_memory": STORE_BYTES,
        "_node_ip_address": "127.0.0.1",
        "_temp_dir": f"{folder}/ray",
        # A chart's text that does not fit into memory is an error, not a file.
        "_system_config": {"automatic_object_spilling_enabled": False, "enable_metrics_collection": False},
    }
    for again in reversed(range(1 if settings.address else STARTS)):
        try:
            ray.init(**quiet, **({"address": settings.address} if settings.address else alone))
            logging.getLogger("ray.serve").setLevel(LOUDEST)
            serve.start(proxy_location="Disabled", logging_config=_silent())
            return
        except Exception as fault:
            ray.shutdown()
            if not again:
                what = tr("the Ray cluster cannot be reached or started", "无法连接或启动 Ray 集群")
                value = f"{settings.address or '127.0.0.1'} ({type(fault).__name__})"
                raise ServeError(what, value=value, next="docs/scale.md") from None


def _silent() -> Any:
    """No line a request in the cluster's logs."""
    from ray.serve.schema import LoggingConfig

    return LoggingConfig(enable_access_log=False, log_level=LOUDEST)


class Cluster:
    """The models served on a cluster. `open` gives what the server asks like any model of its own process."""

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings
        self._apps: dict[tuple[str, str], str] = {}
        self._running: dict[str, int] = {}
        self._counted = 0.0
        self._closed = threading.Event()
        self._counter = threading.Thread(target=self._count, name="replicas", daemon=True)
        self._counter.start()

    def open(self, name: str, id: str, opening: Opening) -> Served:
        """Serve a version of a model; returns once its replicas are warm. One that is served already is joined."""
        from ray import serve

        about = sha256(f"{opening!r} {self.settings} {__version__}".encode()).hexdigest()[:8]
        app = f"{name or 'model'}-{id}-{about}"
        if app not in self._look():
            target = self._deployment().bind(opening, id, __version__, self.settings.outbound)
            serve.run_many([serve.RunTarget(target, name=app, route_prefix=None)], wait_for_applications_running=False)
        self._await(app, name)
        self._apps[name, id] = app
        handle = serve.get_app_handle(app)
        advise = answered_by(Asked(handle, lambda: self.running(app)), self.settings.timeout_s)
        return Served(name, id, advise, handle.form.remote().result(timeout_s=self.settings.open_s))

    def _deployment(self) -> Any:
        from ray import serve

        least, most = self.settings.least, self.settings.most
        many: dict[str, Any] = {"num_replicas": least}
        if most > least:
            busy = {"target_ongoing_requests": 0.75 * AT_A_TIME, "upscale_delay_s": 5.0}
            many = {"autoscaling_config": {"min_replicas": least, "max_replicas": most, **busy}}
        with _DESCRIBING:
            return serve.deployment(
                **many,
                max_ongoing_requests=AT_A_TIME,
                max_queued_requests=self.settings.waiting,
                health_check_period_s=1.0,
                health_check_timeout_s=30.0,
                graceful_shutdown_timeout_s=self.settings.timeout_s,
                graceful_shutdown_wait_loop_s=0.1,
                max_constructor_retry_count=2,
                logging_config=_silent(),
                # On one machine the kernel shares the cores out; on many, Ray looks for a free one.
                ray_actor_options={"num_cpus": 1 if self.settings.address else 0},
            )(Replica)

    def _await(self, app: str, name: str) -> None:
        """Until the replicas are warm; raises ServeError, and takes away what could not start."""
        from ray import serve

        end = time.monotonic() + self.settings.open_s
        while (found := self._look()[app]).status != "RUNNING":
            if found.status == "DEPLOY_FAILED" or time.monotonic() > end:
                said = [one.message for one in found.deployments.values()]
                serve.delete(app)
                raise _not_opened(name, " ".join(said))
            time.sleep(0.1)

    def retire(self, served: Served) -> None:
        """Take a version away, once the questions under way are answered; ask it nothing more.

        On a cluster that was joined it stays: another server may still turn to it.
        """
        from ray import serve

        app = self._apps.pop((served.name, served.id))
        if self.settings.address is None:
            serve.delete(app, _blocking=False)

    def answering(self) -> bool:
        """Whether any of the models has a replica to answer."""
        return any(self.running(app) for app in list(self._apps.values()))

    def running(self, app: str) -> int:
        """Replicas of an application, as last counted."""
        return self._running.get(app, 0) if time.monotonic() - self._counted < STALE_S else 0

    def workers(self) -> int:
        """How many questions its servers should have under way for each replica to have its share."""
        return max(1, len(self._apps)) * self.settings.most * AT_A_TIME

    def _count(self) -> None:
        while not self._closed.wait(LOOK_S):
            with suppress(Exception):  # what cannot be counted grows stale
                self._look()

    def _look(self) -> dict[str, Any]:
        """What is served, by name, with its state. Its replicas are counted, and no older count overwrites that."""
        from ray import serve

        with _DESCRIBING:
            found: dict[str, Any] = serve.status().applications
            self._running = {
                name: sum(one.replica_states.get("RUNNING", 0) for one in app.deployments.values())
                for name, app in found.items()
            }
            self._counted = time.monotonic()
        return found

    def close(self) -> None:
        """Leave the cluster; one of this machine's own ends with it."""
        import ray

        self.stop_counting()
        ray.shutdown()

    def stop_counting(self) -> None:
        """Ask the cluster nothing more: after the end Ray would start another to answer."""
        self._closed.set()
        self._counter.join(STALE_S)


def _not_opened(name: str, said: str) -> ServeError:
    """Why no replica started: the words of an error of ours, of any other only its kind."""
    ours, others = _OURS.search(said), _ANY.findall(said)
    reason = ours[1] if ours else others[-1] if others else tr("no free cores", "没有空闲的处理器核")
    what = tr("the model does not open on the cluster", "模型无法在集群上打开")
    return ServeError(
        what, value=f"{name} ({reason})".strip(), next=tr("the same folder on each machine", "各机器须有相同的模型目录")
    )
