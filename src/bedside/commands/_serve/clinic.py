"""Starts the clinical server: its data folder, its settings, its door; for a demo, a fresh folder that goes with it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bedside.commands._clinic_open import DATABASE
from bedside.commands._io import emit_json, say
from bedside.errors import UsageError
from bedside.home import place
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._serve.engine import Wanted, Where
    from bedside.server.clinic.context import Context
    from bedside.server.clinic.settings import ClinicSettings
    from bedside.server.clinic.tracing import Tracing
    from bedside.server.clinic.workers import Workers


@dataclass(frozen=True, kw_only=True)
class ClinicFlags:
    """What the command line says of a clinical server."""

    data: Path | None
    database: str | None
    demo: bool
    key_file: Path | None
    settings: Path | None
    host: str
    port: int
    tls_certificate: Path | None
    tls_key: Path | None
    json: bool


def serve_clinic(flags: ClinicFlags, wanted: Wanted, where: Where) -> None:
    """Serve until told to stop: the models wanted from the start, and those of the registry."""
    import logging

    from bedside.server.clinic.memory import share_one_heap

    share_one_heap()  # before the libraries below start threads of their own
    from bedside.clinic.demo import fill_with_demo
    from bedside.clinic.keys.keyring import key_place
    from bedside.clinic.open import open_clinic
    from bedside.clinic.outbound import shut_in
    from bedside.clinic.watch.dispatcher import Dispatcher
    from bedside.commands._serve.engine import running, with_remote
    from bedside.library._database.address import shared_at
    from bedside.server.clinic.context import Context
    from bedside.server.clinic.guard import installed_guard
    from bedside.server.clinic.registered import Registered
    from bedside.server.clinic.run import run_clinic
    from bedside.server.clinic.settings import read_settings
    from bedside.server.clinic.warm import warm_up
    from bedside.server.door import open_door, url_of

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings(
        flags.settings,
        host=flags.host,
        port=flags.port,
        tls_certificate=flags.tls_certificate,
        tls_key=flags.tls_key,
    )
    with (
        running(wanted, where, timeout_s=settings.limits.answer_s, outbound=settings.outbound, few=True) as engine,
        _folder(flags) as data,
        open_clinic(data, database=flags.database, key_file=flags.key_file) as clinic,
        open_door(settings.host, settings.port, or_any=flags.demo) as door,
        Registered(clinic.models, clinic.audit, with_remote(engine, settings)) as models,
        _traces(settings) as tracing,
    ):
        key, users = fill_with_demo(clinic) if flags.demo else ("", [])
        context = Context(settings, clinic, installed_guard(), models, tracing=tracing)
        elsewhere = (flags.database, shared_at(settings.library), where.cluster and f"ray://{where.cluster}")
        shut_in([*settings.outbound, *(one for address in elsewhere for one in _elsewhere(address))])
        url = url_of(door, "https" if settings.tls_certificate else "http")
        told = {"url": url, **({"api_key": key, "users": users} if flags.demo else {})}
        if not flags.demo and (master := key_place(flags.key_file, data)):
            say(tr(f"master key {master}: keep a copy elsewhere", f"主密钥 {master}：请另行备份"), quiet=True)
        with _interfaces(context), _workers(flags, settings.workers, data), Dispatcher(context.watch):
            warm_up(context)
            run_clinic(context, door, lambda: _ready(told, data, as_json=flags.json))


def _interfaces(context: Context) -> AbstractContextManager[object]:
    """The listener for HL7 v2, where the settings give it a port."""
    if context.settings.mllp_port is None:
        return nullcontext()
    from bedside.server.mllp import Listener

    return Listener(context, context.settings.host, context.settings.mllp_port)


def _traces(settings: ClinicSettings) -> AbstractContextManager[Tracing | None]:
    """Traces to where the settings say, handed over when the server ends."""
    from bedside.server.clinic.tracing import open_tracing

    return closing(tracing) if (tracing := open_tracing(settings)) else nullcontext()


def _workers(flags: ClinicFlags, number: int, data: Path) -> Workers:
    """Processes for background jobs; the address of the database, which holds a password, is not on their line."""
    from bedside.server.clinic.workers import Workers

    words = ["--data", str(data), *(["--key-file", str(flags.key_file)] if flags.key_file else [])]
    return Workers(number, words, {DATABASE: flags.database} if flags.database else {})


@contextmanager
def _folder(flags: ClinicFlags) -> Iterator[Path]:
    """The data folder; a demo without one has its own, which is gone with it."""
    if flags.data is not None:
        if flags.demo and flags.data.exists() and any(flags.data.iterdir()):
            what = tr("a demo starts in an empty folder", "演示须使用空目录")
            raise UsageError(what, value=flags.data, next="bedside serve --demo")
        yield flags.data
        return
    from bedside.clinic.keys.keyring import own_key_file

    folder = Path(tempfile.mkdtemp(prefix="demo-", dir=place("demo")))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        own_key_file(folder).unlink(missing_ok=True)


def _elsewhere(database: str | None) -> list[str]:
    """An address on another machine, to which a connection may be made."""
    from bedside.clinic._database import read_address

    address = read_address(database)
    return [address] if address and urlsplit(address).hostname else []


def _ready(told: dict[str, Any], data: Path, *, as_json: bool) -> None:
    if as_json:
        emit_json(told)
        return
    say(tr(f"clinic on {told['url']}, data in {data}", f"临床服务：{told['url']}，数据目录：{data}"))
    if "api_key" in told:
        say(tr(f"API key (clinician): {told['api_key']}", f"API 密钥（医生）：{told['api_key']}"))
    for user in told.get("users", []):
        say(f"  {user['name']:15} {user['password']}")
    if "users" not in told:
        add = f"bedside users add NAME --role clinician --data {data}"
        say(tr(f"accounts: {add}", f"新增账户：{add}"))
    say(disclaimer(), quiet=True)
