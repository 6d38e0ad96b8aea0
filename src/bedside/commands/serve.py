"""Answer over HTTP with a model folder | 以 HTTP 服务提供模型预测"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import EntitiesFrom, SetData, say
from bedside.errors import UsageError
from bedside.home import place
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.model.given import Given
    from bedside.server.settings import Settings
    from bedside.types import Decision


def run(
    model: Annotated[Path | None, typer.Argument(help=tr("Model folder", "模型目录"))] = None,
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
    set_: SetData = None,
    make_key: Annotated[
        str | None,
        typer.Option("--make-key", metavar="ID", help=tr("Print a new key and its line", "生成新密钥")),
    ] = None,
) -> None:
    """Answer over HTTP with a model folder. Identity is removed from every text before the model reads it."""
    from bedside.commands._searching import data_settings
    from bedside.server.settings import Settings

    if make_key is not None:
        _print_key(make_key)
        return
    if model is None:
        raise UsageError(tr("a model folder is needed", "需要模型目录"), next="bedside serve MODEL")
    if no_auth and keys is not None:
        raise UsageError(tr("either --keys or --no-auth", "--keys 与 --no-auth 只能选其一"))
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
    _serve(model, settings, data_settings(set_ or []), entities_from)


def _serve(folder: Path, settings: Settings, data: dict[str, Any], entities_from: Path | None) -> None:
    import logging

    from bedside.advise import advise
    from bedside.receipt import file_sha256
    from bedside.server.audit import AuditLog
    from bedside.server.auth import read_keys
    from bedside.server.run import run as serve
    from bedside.server.service import Service

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    keys = read_keys(settings.keys)
    assert settings.audit is not None
    audit = AuditLog(settings.audit)
    say(tr(f"opening {folder}", f"正在打开 {folder}"), quiet=True)
    model = _opened(folder, data, entities_from)
    model_id = file_sha256(folder / "manifest.json")[:16]
    engine = str(model.settings.get("engine"))

    def answer(texts: Sequence[str], given: Sequence[Given], removed: Sequence[Counter[str]]) -> list[Decision]:
        beside = given if model.form.two or model.form.marked else ()
        return advise(model, texts, given=beside, removed=removed)

    service = Service(answer, model.form, model_id=model_id, settings=settings, keys=keys, audit=audit)
    say(
        tr(
            f"model {model_id} ({engine}) on http://{settings.host}:{settings.port}/v1/predict, audit {settings.audit}",
            f"模型 {model_id}（{engine}）：http://{settings.host}:{settings.port}/v1/predict；审计：{settings.audit}",
        ),
        quiet=True,
    )
    say(disclaimer(), quiet=True)
    try:
        serve(service)
    finally:
        audit.close()


def _opened(folder: Path, data: dict[str, Any], entities_from: Path | None) -> Model:
    """The model bound to what it reads: what it was fitted for, or what is named."""
    from bedside.commands._bound import bound
    from bedside.config import DataRecipe
    from bedside.model.folder import open_model

    model = open_model(folder)
    own = {key: model.recipe.get("data", {}).get(key) for key in ("text_b", "corpus")}
    recipe = DataRecipe.model_validate({"train": folder, **own, **data})
    return bound(model, folder, recipe, entities_from=entities_from, alone=True)


def _print_key(name: str) -> None:
    from bedside.server.auth import make_key

    key, line = make_key(name)
    say(tr(f"The key, shown once, for the caller: {key}", f"密钥（仅显示一次，交给调用方）：{key}"), quiet=True)
    say(tr("Its line for the keys file is on stdout.", "密钥文件的登记行在标准输出。"), quiet=True)
    say(line)


COMMAND = run
