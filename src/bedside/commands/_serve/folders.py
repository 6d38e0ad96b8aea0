"""Starts the server of model folders: its keys, its audit log, its door, and what it says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import say
from bedside.commands._serve.engine import Wanted, Where, running
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.server.service import Served
    from bedside.server.settings import Settings


def serve_folders(wanted: Wanted, settings: Settings, where: Where) -> None:
    """Serve the models wanted until told to stop."""
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


def print_key(name: str) -> None:
    """Print a new key for a caller, and its line for the file of keys."""
    from bedside.server.auth import make_key

    key, line = make_key(name)
    say(tr(f"The key, shown once, for the caller: {key}", f"密钥（仅显示一次，交给调用方）：{key}"), quiet=True)
    say(tr("Its line for the keys file is on stdout.", "密钥文件的登记行在标准输出。"), quiet=True)
    say(line)
