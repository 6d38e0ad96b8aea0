"""Registered models of a clinical server: add, compare, promote | 临床服务的模型登记：新增、比较、上线、回退"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, audited, opened, who_is_here
from bedside.commands._io import JsonFlag, emit_json, plain, say
from bedside.commands._models_view import print_version, print_versions, said_gates
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.clinic.models.registry import Models
    from bedside.clinic.models.versions import Heard, Version

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Registered models of a clinical server", "临床服务的模型登记"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Name = Annotated[str, typer.Argument(help=tr("The model's name", "模型名称"))]
Number = Annotated[int, typer.Argument(metavar="VERSION", help=tr("Number of the version", "版本号"))]
Why = Annotated[str, typer.Option("--why", help=tr("The reason, kept with the act", "理由（随操作保存）"))]


@COMMAND.command()
def add(
    name: Name,
    folder: Annotated[Path, typer.Argument(metavar="MODEL", help=tr("Model folder", "模型目录"))],
    data: DataFolder,
    why: Why = "",
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Copy a model folder in as the next version of a name: a candidate, heard by nobody yet."""
    with opened(data, database, key_file) as clinic:
        made = clinic.models.add(name, folder, by=who_is_here(), reason=why)
        audited(clinic, "models.add", model=name, version=made.version)
    emit_json(made) if json else print_version(made)


@COMMAND.command("list")
def list_(data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False) -> None:
    """Every version of every model, with its stage."""
    with opened(data, database, key_file) as clinic:
        found = clinic.models.all()
    emit_json({"models": found}) if json else print_versions(found)


@COMMAND.command()
def show(
    name: Name, data: DataFolder, database: DatabaseUrl = None, key_file: KeyFile = None, json: JsonFlag = False
) -> None:
    """One model: its versions, their gates, and who did what with them and why."""
    from bedside.commands._models_view import print_acts

    with opened(data, database, key_file) as clinic:
        found, acts = _some(clinic.models, name), clinic.models.acts(name)
        open_to = {one.version: clinic.models.gates(name, one.version) for one in found if one.stage != "retired"}
    if json:
        emit_json({"versions": found, "gates": plain(open_to), "acts": acts})
        return
    print_versions(found)
    for version, gates in open_to.items():
        say(tr(f"gates of version {version}: ", f"版本 {version} 的关卡：") + said_gates(gates))
    print_acts(acts)


@COMMAND.command()
def compare(
    name: Name,
    version: Number,
    rows: Annotated[Path, typer.Argument(metavar="ROWS", help=tr("Labelled rows it has not seen", "未见过的标注数据"))],
    data: DataFolder,
    train: Annotated[
        Path | None, typer.Option(help=tr("Its training table, if it has moved", "其训练表格（若已移动）"))
    ] = None,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Measure a version beside the live one on the same rows, and keep that for the gates; exit 3 where one is closed.

    `bedside models compare triage 2 test.csv --data DIR`
    """
    from bedside.commands._io import PARTLY

    with opened(data, database, key_file) as clinic:
        _measure(clinic.models, name, version, rows, train)
        audited(clinic, "models.compare", model=name, version=version)
        gates = clinic.models.gates(name, version)
    closed = not all(gate.open for gate in gates)
    emit_json({"name": name, "version": version, "open": not closed, "gates": gates}) if json else say(
        said_gates(gates)
    )
    if not json:
        say(disclaimer())
    if closed:
        raise typer.Exit(PARTLY)


@COMMAND.command()
def promote(
    name: Name,
    version: Number,
    data: DataFolder,
    why: Why,
    shadow: Annotated[
        bool, typer.Option("--shadow", help=tr("Asked beside the live one, never shown", "与现行版本并行，结果不显示"))
    ] = False,
    canary: Annotated[
        str, typer.Option(metavar="10%", help=tr("Answers this share of the requests", "承担该比例的请求"))
    ] = "",
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Make a version the live one, or a shadow or canary of it; refused with the figures where a gate is closed.

    `bedside models promote triage 2 --data DIR --why "fewer misses in March"`
    """
    share = _share(canary) if canary else 0.0
    with opened(data, database, key_file) as clinic:
        to: Heard = "shadow" if shadow or canary else "live"
        made = clinic.models.promote(name, version, by=who_is_here(), reason=why, to=to, share=share)
        audited(clinic, "models.promote", model=name, version=version, to="canary" if share else to)
    emit_json(made) if json else print_version(made)


@COMMAND.command()
def rollback(
    name: Name,
    data: DataFolder,
    why: Why,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Make the version that was live before live again, at once and without gates: it has passed them."""
    with opened(data, database, key_file) as clinic:
        made = clinic.models.rollback(name, by=who_is_here(), reason=why)
        audited(clinic, "models.rollback", model=name, version=made.version)
    emit_json(made) if json else print_version(made)


@COMMAND.command()
def retire(
    name: Name,
    version: Number,
    data: DataFolder,
    why: Why,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Take a version out of use; a name whose live version is retired answers nothing."""
    with opened(data, database, key_file) as clinic:
        made = clinic.models.retire(name, version, by=who_is_here(), reason=why)
        audited(clinic, "models.retire", model=name, version=version)
    emit_json(made) if json else print_version(made)


def _measure(models: Models, name: str, version: int, rows: Path, train: Path | None) -> None:
    """Have `evaluate` measure it beside the live version, or alone where there is none."""
    import json

    from bedside.commands._call import call

    one, live = models.get(name, version), models.live(name)
    models.check(one)
    words = [str(models.place(one)), str(rows), "--json", *(["--train", str(train)] if train else [])]
    if live is not None:
        words += ["--against", str(models.place(live))]
    _, heard = call("evaluate", *words)
    models.file(name, version, live.version if live else 0, json.loads(heard.splitlines()[-1]))


def _some(models: Models, name: str) -> list[Version]:
    found = models.all(name)
    if not found:
        raise UsageError(tr("no model of that name", "没有该名称的模型"), value=name, next="bedside models list")
    return found


def _share(written: str) -> float:
    """`10%` as 0.1."""
    number = written.removesuffix("%").strip()
    if not written.endswith("%") or not number.replace(".", "", 1).isdecimal():
        raise UsageError(tr("not a share", "不是百分比"), where="--canary", value=written, allowed="10%")
    return float(number) / 100
