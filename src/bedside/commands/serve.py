"""Answer over HTTP with a model folder | 以 HTTP 服务提供模型预测"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._doubt import Coverage, HoldBack, NoDoubt, Said
from bedside.commands._io import BackboneFolder, EntitiesFrom, JsonFlag, SetData, say
from bedside.commands._licensed import Licensed, LicensedNames
from bedside.commands._serve.engine import ClusterAddress, Engine, ReplicaRange, Wanted, Where, running
from bedside.commands._serve.models import named_folders
from bedside.errors import UsageError
from bedside.home import place
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.server.service import Served
    from bedside.server.settings import Settings


def run(
    models: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=]MODEL...",
            help=tr("Model folder; several: each request names one", "模型目录；多个时由请求指定名称"),
        ),
    ] = None,
    backbone: BackboneFolder = None,
    entities_from: EntitiesFrom = None,
    host: Annotated[str, typer.Option(help=tr("Address to listen on", "监听地址"))] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=tr("Port; 0 takes a free one", "端口；0 表示任选空闲端口"))] = 8765,
    keys: Annotated[Path | None, typer.Option(help=tr("File of API key hashes", "API 密钥哈希文件"))] = None,
    no_auth: Annotated[
        bool,
        typer.Option("--no-auth", help=tr("Without keys: this machine only", "不用密钥：仅限本机")),
    ] = False,
    audit: Annotated[
        Path | None, typer.Option(help=tr("Audit log (default: in the data folder)", "审计日志（默认在数据目录）"))
    ] = None,
    rate: Annotated[float, typer.Option(help=tr("Texts a second a key; 0: any", "每密钥每秒文本数"))] = 1000.0,
    workers: Annotated[int, typer.Option(help=tr("Model threads; 0: one a core", "模型线程数；0 为每核一个"))] = 0,
    max_texts: Annotated[int, typer.Option(help=tr("Texts a request", "每次请求的文本数上限"))] = 256,
    max_body: Annotated[int, typer.Option(help=tr("Bytes a request", "每次请求的字节数上限"))] = 4_000_000,
    timeout: Annotated[float, typer.Option(help=tr("Seconds until 503", "超时秒数"))] = 30.0,
    data: Annotated[
        Path | None, typer.Option(help=tr("Clinical server: its data folder", "临床服务：数据目录"))
    ] = None,
    database: Annotated[
        str | None,
        typer.Option(metavar="URL|@FILE", help=tr("Its database (default: in --data)", "数据库地址（默认在数据目录）")),
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help=tr("Clinical server with made-up patients", "含虚构患者的临床服务演示"))
    ] = False,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help=tr("Master key (or BEDSIDE_CLINIC_KEY)", "主密钥文件"))
    ] = None,
    settings_file: Annotated[
        Path | None, typer.Option("--settings", help=tr("Its settings (TOML)", "临床服务设置（TOML）"))
    ] = None,
    tls_certificate: Annotated[Path | None, typer.Option(help=tr("TLS certificate (PEM)", "TLS 证书（PEM）"))] = None,
    tls_key: Annotated[Path | None, typer.Option(help=tr("Its key (PEM)", "TLS 私钥（PEM）"))] = None,
    engine: Engine = "local",
    cluster: ClusterAddress = None,
    replicas: ReplicaRange = "1",
    json: JsonFlag = False,
    set_: SetData = None,
    coverage: Coverage = None,
    hold_back: HoldBack = False,
    no_doubt: NoDoubt = False,
    licensed: Licensed = False,
    licensed_names: LicensedNames = None,
    make_key: Annotated[
        str | None,
        typer.Option("--make-key", metavar="ID", help=tr("Print a new key and its line", "生成新密钥")),
    ] = None,
) -> None:
    """Answer over HTTP with a model folder. Identity is removed from every text before the model reads it.

    Several may be served: what was fitted apart on one backbone shares it in memory, and a request names its model.
    `bedside serve triage=TRIAGE coding=CODING`

    With --data or --demo it is the clinical server: accounts, charts, audit and the hospital's standards
    (docs/clinic.md). `bedside serve --demo`

    With --engine ray each model runs as replicas on a cluster (docs/scale.md).
    """
    from bedside.commands._searching import data_settings

    if make_key is not None:
        _print_key(make_key)
        return
    where = Where(engine, cluster, replicas)
    wanted = Wanted(
        folders=named_folders(models or []),
        data=data_settings(set_ or []),
        entities_from=entities_from,
        backbone=backbone,
        said=Said(coverage, hold_back, no_doubt),
        licensed=licensed,
        licensed_names=tuple(licensed_names or ()),
    )
    if data is not None or demo:
        from bedside.commands._serve.clinic import ClinicFlags, serve_clinic

        flags = ClinicFlags(
            data=data,
            database=database,
            demo=demo,
            key_file=key_file,
            settings=settings_file,
            host=host,
            port=port,
            tls_certificate=tls_certificate,
            tls_key=tls_key,
            json=json,
        )
        serve_clinic(flags, wanted.named(), where)
        return
    if not models:
        what = tr("a model folder, --data or --demo is needed", "需要模型目录、--data 或 --demo")
        raise UsageError(what, next="bedside serve MODEL")
    if no_auth and keys is not None:
        raise UsageError(tr("either --keys or --no-auth", "--keys 与 --no-auth 只能选其一"))
    from bedside.server.settings import Settings

    settings = Settings(
        host=host,
        port=port,
        keys=keys,
        audit=audit or place("audit") / "serve.jsonl",
        texts_per_second=rate,
        workers=workers,
        max_texts=max_texts,
        max_body_bytes=max_body,
        timeout_s=timeout,
    )
    _serve(wanted, settings, where)


def _serve(wanted: Wanted, settings: Settings, where: Where) -> None:
    import logging

    from bedside.server.audit import AuditLog
    from bedside.server.auth import read_keys
    from bedside.server.door import open_door, url_of
    from bedside.server.run import run as serve
    from bedside.server.service import Service

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    keys = read_keys(settings.keys)
    assert settings.audit is not None
    audit = AuditLog(settings.audit)
    places = ", ".join(map(str, wanted.folders.values()))
    say(tr(f"opening {places}", f"正在打开 {places}"), quiet=True)
    with running(wanted, where, timeout_s=settings.timeout_s) as models:
        served = models.served
        service = Service(
            served[0].advise,
            served[0].form,
            model_id=served[0].id,
            settings=replace(settings, workers=settings.workers or models.workers),
            keys=keys,
            audit=audit,
            several=served if served[0].name else (),
        )
        service.health.able = models.answering
        with closing(audit), open_door(settings.host, settings.port) as door:
            _tell(served, wanted, url_of(door), settings.audit, where)
            serve(service, door)


def _tell(served: Sequence[Served], wanted: Wanted, url: str, audit: Path, where: Where) -> None:
    from bedside.model.layout import read_settings

    for one in served:
        engine = read_settings(wanted.folders[one.name]).get("engine")
        told = f"{one.name} {one.id}".strip() + (f" ({engine})" if where.engine == "local" else f" ({engine}, ray)")
        say(
            tr(
                f"model {told} on {url}/v1/predict, audit {audit}",
                f"模型 {told}：{url}/v1/predict；审计：{audit}",
            ),
            quiet=True,
        )
    say(disclaimer(), quiet=True)


def _print_key(name: str) -> None:
    from bedside.server.auth import make_key

    key, line = make_key(name)
    say(tr(f"The key, shown once, for the caller: {key}", f"密钥（仅显示一次，交给调用方）：{key}"), quiet=True)
    say(tr("Its line for the keys file is on stdout.", "密钥文件的登记行在标准输出。"), quiet=True)
    say(line)


COMMAND = run
