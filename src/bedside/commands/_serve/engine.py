"""Where the models of a server run: in its own process, or as replicas on a Ray cluster. The server asks both alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bedside.commands._io import say
from bedside.commands._serve.models import folder_id, opened_models, serving
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.commands._predict.doubt import Asked, Said
    from bedside.model.folder import Model
    from bedside.server.clinic.settings import ClinicSettings
    from bedside.server.service import Served

Engine = Annotated[
    Literal["local", "ray"],
    typer.Option(help=tr("Where the models run: this process, or Ray", "模型运行位置：本进程 local 或 Ray 集群")),
]
ClusterAddress = Annotated[
    str | None,
    typer.Option(
        "--cluster", metavar="HOST:PORT", help=tr("Ray: join this one (default: start one)", "加入的 Ray 集群")
    ),
]
ReplicaRange = Annotated[
    str, typer.Option("--replicas", metavar="LEAST-MOST", help=tr("Ray: replicas of a model", "Ray：每个模型的副本数"))
]


@dataclass(frozen=True)
class Wanted:
    """The models to serve, by name, and all that was said of what they read and how they answer."""

    folders: dict[str, Path]
    data: dict[str, Any]
    entities_from: Path | None
    backbone: Path | None
    said: Said
    licensed: bool = False
    licensed_names: tuple[Path, ...] = ()

    def ready(self, model: Model) -> Asked:
        """An opened model as it is to be asked."""
        from bedside.commands._predict.licensed import keep_to_licence

        return self.said.asked(keep_to_licence(model, self.licensed, self.licensed_names))

    def named(self) -> Wanted:
        """The same, a lone one without a name by its folder's."""
        return replace(self, folders={name or path.resolve().name: path for name, path in self.folders.items()})

    def of(self, name: str, folder: Path) -> Wanted:
        """One model, asked as these are."""
        return replace(self, folders={name: folder})

    def alone(self, name: str) -> Wanted:
        """One of them, its files by their whole paths: so it can be opened in another process."""
        data = {key: str(Path(value).resolve()) if key == "corpus" else value for key, value in self.data.items()}
        return replace(
            self,
            folders={name: self.folders[name].resolve()},
            data=data,
            entities_from=self.entities_from and self.entities_from.resolve(),
            backbone=self.backbone and self.backbone.resolve(),
            licensed_names=tuple(path.resolve() for path in self.licensed_names),
        )

    def __call__(self) -> Served:
        """Open the only one (`bedside.server.replica.Opening`)."""
        (served,) = opened_here(self)
        return served


@dataclass(frozen=True)
class Where:
    """What the command line says of where models run."""

    engine: str = "local"
    cluster: str | None = None
    replicas: str = "1"

    def __post_init__(self) -> None:
        if self.engine == "local" and (self.cluster or self.replicas != "1"):
            what = tr("--cluster and --replicas go with Ray", "--cluster 与 --replicas 仅用于 Ray")
            raise UsageError(what, next="--engine ray")


@dataclass(frozen=True)
class Running:
    """The models that run, and how another is opened and taken away (`server.clinic.registered.Models`).

    Whether any can answer now; how many questions should be under way (0: one a core).
    """

    served: Sequence[Served]
    open: Callable[[str, Path], Served]
    retire: Callable[[Served], None] = lambda served: None
    answering: Callable[[], bool] = lambda: True
    workers: int = 0


@contextmanager
def running(
    wanted: Wanted, where: Where, *, timeout_s: float, outbound: Sequence[str] = (), few: bool = False
) -> Iterator[Running]:
    """The models, answering, until the block ends; those of this process on `few` threads, whoever asks."""
    if where.engine == "local":
        here = Running(opened_here(wanted), lambda name, folder: wanted.of(name, folder)())
        yield _on_few(here) if few else here
        return
    from bedside.model.manifest import check_manifest
    from bedside.server.cluster_settings import ClusterSettings, read_range
    from bedside.server.ray_cluster import open_cluster

    for folder in wanted.folders.values():
        check_manifest(folder)  # a broken folder is told here in its own words, before a cluster is started
    least, most = read_range(where.replicas)
    settings = ClusterSettings(
        address=where.cluster, least=least, most=most, timeout_s=timeout_s, outbound=tuple(outbound)
    )
    say(tr("starting Ray", "正在启动 Ray") if not where.cluster else tr("joining Ray", "正在加入 Ray"), quiet=True)
    with open_cluster(settings) as cluster:

        def opened(name: str, folder: Path) -> Served:
            return cluster.open(name, folder_id(folder), wanted.of(name, folder).alone(name))

        served = [opened(name, folder) for name, folder in wanted.folders.items()]
        yield Running(served, opened, cluster.retire, cluster.answering, cluster.workers())


def opened_here(wanted: Wanted) -> list[Served]:
    """The models, opened in this process; what they share of a backbone is held once."""
    if not wanted.folders:
        return []
    opened = opened_models(wanted.folders, wanted.data, wanted.entities_from, wanted.backbone)
    return [
        serving(name, folder, wanted.ready(model))
        for (name, folder), model in zip(wanted.folders.items(), opened, strict=True)
    ]


def with_remote(running: Running, settings: ClinicSettings) -> Running:
    """The same, and the language models that other programs serve, as the settings name them."""
    from bedside.server.remote import remote_models

    return replace(running, served=[*running.served, *remote_models(settings.models, settings.outbound).values()])


def _on_few(running: Running) -> Running:
    """The same models, run on few threads: a server asks from many, and a library keeps memory for each."""
    from bedside.model.few_threads import on_few_threads

    def few(served: Served) -> Served:
        return replace(served, advise=on_few_threads(served.advise, of="model"))

    return replace(
        running,
        served=[few(one) for one in running.served],
        open=lambda name, folder: few(running.open(name, folder)),
    )
