"""Speak to the hospital's FHIR server: key, one chart, all | 与医院 FHIR 服务器交换：密钥、单份病历、批量导入"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._clinic_open import DatabaseUrl, DataFolder, KeyFile, audited, opened
from bedside.commands._io import PARTLY, JsonFlag, emit_json, plain, say
from bedside.errors import ConfigError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.exchange.backend import BackendClient

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("Speak to the hospital's FHIR server", "与医院 FHIR 服务器交换数据"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
SettingsFile = Annotated[
    Path, typer.Option("--settings", help=tr("Settings with [[fhir_servers]] (TOML)", "含 [[fhir_servers]] 的设置文件"))
]


@COMMAND.command()
def key(
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Where the private key goes", "私钥文件"))],
    json: JsonFlag = False,
) -> None:
    """Make the key by which this server shows who it is; register the public half that is printed."""
    from bedside.exchange.signing import jwks, make_signing_key

    made = jwks([make_signing_key(out)])
    emit_json(made)
    if not json:
        say(
            tr(f"private key: {out}; keep it where the server alone reads it", f"私钥：{out}，仅限服务程序读取"),
            quiet=True,
        )


@COMMAND.command()
def patient(
    number: Annotated[
        str, typer.Argument(help=tr("The patient's id at the FHIR server", "患者在 FHIR 服务器上的编号"))
    ],
    data: DataFolder,
    settings: SettingsFile,
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Fetch one patient's chart and keep what is new of it."""
    from bedside.exchange.chart import chart_from

    client = _client(settings)
    with opened(data, database, key_file) as clinic:
        chart = chart_from(client.get, client.fhir, number)
        id, new = clinic.records.keep(chart)
        audited(clinic, "exchange.patient", patient=id, entries=len(chart.entries))
    emit_json({"id": id, "new": new, "entries": len(chart.entries)}) if json else say(
        tr(f"{id}: {len(chart.entries)} entries", f"{id}：{len(chart.entries)} 条")
    )


@COMMAND.command("import")
def import_(
    data: DataFolder,
    settings: SettingsFile,
    kind: Annotated[
        list[str] | None, typer.Option("--type", help=tr("Resource type; can be repeated", "资源类型，可重复"))
    ] = None,
    since: Annotated[str, typer.Option(metavar="TIME", help=tr("Only what changed since", "仅此时间之后的更改"))] = "",
    database: DatabaseUrl = None,
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Take a whole copy (FHIR Bulk Data); stopped at any time, the same command goes on where it was.

    Exit code 3 when lines could not be read; the rest is kept.
    """
    from rich.console import Console

    from bedside.exchange.bulk import BulkImport

    client = _client(settings)
    with opened(data, database, key_file) as clinic, Console(stderr=True).status(tr("waiting", "等待中")) as status:
        run = BulkImport(client, data / "bulk-import.json", clinic.records.keep)
        audited(clinic, "exchange.import.begun", files=len(run.taken.whole))
        taken = run.run(kind or (), since, lambda said: status.update(said or tr("waiting", "等待中")))
        audited(clinic, "exchange.import", charts=taken.charts, bad=taken.bad_count)
    _told(plain(taken), json=json)
    if taken.bad_count:
        raise typer.Exit(PARTLY)


def _client(path: Path) -> BackendClient:
    """The FHIR server of the settings; from here on this process speaks to the listed addresses alone."""
    from bedside.clinic.outbound import shut_in
    from bedside.exchange.backend import BackendClient
    from bedside.exchange.peers import Peers
    from bedside.exchange.signing import read_signing_key
    from bedside.server.clinic.settings import read_settings

    settings = read_settings(path)
    if not settings.fhir_servers:
        what = tr("no [[fhir_servers]] in the settings", "设置文件中没有 [[fhir_servers]]")
        raise ConfigError([what], where=str(path), next="docs/clinic.md")
    one = settings.fhir_servers[0]
    shut_in(settings.outbound)
    return BackendClient(Peers(settings.outbound), one.fhir, one.client_id, read_signing_key(one.key), one.scopes)


def _told(taken: dict[str, Any], *, json: bool) -> None:
    count = {"charts": taken["charts"], "files": len(taken["whole"]), "bad": taken["bad_count"]}
    if json:
        emit_json({**count, "doubts": taken["doubts"], "bad_lines": taken["bad"]})
        return
    say(
        tr(
            f"{count['charts']} charts of {count['files']} files kept; {count['bad']} lines could not be read",
            f"已保存 {count['files']} 个文件中的 {count['charts']} 份病历；{count['bad']} 行无法读取",
        )
    )
    for name, lines in taken["bad"].items():
        say(f"  {name}: {', '.join(map(str, lines))}")
