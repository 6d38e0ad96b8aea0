"""The watch over a clinical server: status, checks, a test alert | 临床服务的运行监测：状态、检查、测试告警"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, opened
from bedside.commands._io import PARTLY, JsonFlag, emit_json, plain, progress, say, table
from bedside.errors import UnknownName
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.clinic.watch.watch import Watch

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("The watch over a clinical server", "临床服务的运行监测"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Settings = Annotated[
    Path | None, typer.Option("--settings", help=tr("The server's settings (TOML)", "临床服务设置（TOML）"))
]


@COMMAND.command()
def status(data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False) -> None:
    """The open alerts, the last run of each check, and the messages that still wait to go out.

    `bedside watch status --data DIR`
    """
    from bedside.clinic.watch.words import name_of, said

    with _watching(data, database, key_file, None) as watch:
        alerts, runs = watch.alerts.all(open_only=True), watch.runs.last()
        waiting = watch.notices.waiting()
    if json:
        told = [{**plain(one), "said": said(one.code, one.subject, one.detail)} for one in alerts]
        emit_json({"alerts": told, "runs": list(runs.values()), "messages_waiting": waiting})
        return
    if alerts:
        head = (tr("since", "始于"), tr("level", "级别"), tr("alert", "告警"), tr("seen to by", "处理人"))
        rows = [
            (_when(one.opened), _level(one.level), said(one.code, one.subject, one.detail), one.acknowledged_by)
            for one in alerts
        ]
        table(tr("Open alerts", "未关闭的告警"), head, rows)
    else:
        say(tr("no open alert", "没有未关闭的告警"))
    columns = (tr("check", "检查"), tr("last run", "上次运行"), tr("state", "状态"))
    ran = [(name_of(name), _when(run.started), _state(run.state)) for name, run in runs.items()]
    table(tr("Checks", "检查"), columns, ran)
    if waiting:
        say(tr(f"waiting to go out: {counted(waiting, 'message')}", f"{waiting} 条消息待发送"))
    say(disclaimer(), quiet=True)


@COMMAND.command()
def run(
    data: DataFolder,
    check: Annotated[list[str] | None, typer.Argument(help=tr("Checks; none: all", "检查项；缺省为全部"))] = None,
    settings_file: Settings = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Run checks now, whether they are due or not; exit 3 where one breaks or finds something wrong.

    `bedside watch run drift --data DIR --settings bedside.toml`
    """
    from bedside.clinic.watch.checks import CHECKS
    from bedside.clinic.watch.words import name_of, said

    names = check or list(CHECKS)
    if unknown := [name for name in names if name not in CHECKS]:
        raise UnknownName(tr("no such check", "没有该检查"), value=unknown[0], allowed=CHECKS)
    with (
        _watching(data, database, key_file, settings_file) as watch,
        progress(tr("looking", "检查中")),
    ):
        found = {name: watch.run(name, time.time()) for name in names}
        watch.notices.send_due(time.time())
    bad = any(one is None or one.signals for one in found.values())
    if json:
        emit_json({"checks": {name: plain(one) if one else None for name, one in found.items()}})
    for name, one in () if json else found.items():
        state = tr("broke; see the log", "运行失败，请查看日志") if one is None else tr("looked", "已检查")
        say(f"{name_of(name)}: {state}")
        for signal in one.signals if one else ():
            say(f"  {_level(signal.level)}: {said(signal.code, signal.subject, signal.detail)}")
    if not json:
        say(disclaimer(), quiet=True)
    if bad:
        raise typer.Exit(PARTLY)


@COMMAND.command("test-alert")
def send_test(
    data: DataFolder,
    settings_file: Settings = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Send a test message by every channel of the settings; exit 3 where one did not arrive (it is tried again).

    `bedside watch test-alert --data DIR --settings bedside.toml`
    """
    told: dict[str, str] = {}
    with _watching(data, database, key_file, settings_file, told) as watch:
        id = watch.test_alert(time.time())
        watch.notices.send_due(time.time())
    if json:
        emit_json({"alert": id, "channels": told})
    elif not told:
        say(tr("no channel is set: [watch.webhook], [watch.mail]", "未设置任何通道：[watch.webhook]、[watch.mail]"))
    for channel, outcome in () if json else told.items():
        arrived = tr("arrived", "已送达") if outcome == "sent" else tr("did not arrive", "未送达")
        say(f"{channel}: {arrived}")
    if not told or any(outcome != "sent" for outcome in told.values()):
        raise typer.Exit(PARTLY)


@contextmanager
def _watching(
    data: Path,
    database: str | None,
    key_file: Path | None,
    settings_file: Path | None,
    told: dict[str, str] | None = None,
) -> Iterator[Watch]:
    """The watch of a data folder, as the settings have it; `told` takes how each channel fared."""
    from bedside.clinic.watch.watch import open_watch
    from bedside.server.clinic.settings import read_settings

    settings, fared = read_settings(settings_file), {} if told is None else told
    with opened(data, database, key_file) as clinic:
        yield open_watch(clinic, settings.watch, settings.outbound, told=fared.__setitem__)


def _when(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _level(level: str) -> str:
    return {"critical": tr("critical", "严重"), "warning": tr("warning", "警告")}[level]


def _state(state: str) -> str:
    said = {
        "first": tr("waits for its time", "待运行"),
        "running": tr("runs", "运行中"),
        "done": tr("done", "完成"),
        "failed": tr("failed", "失败"),
    }
    return said[state]
