"""The audit log of a clinical server: verify, search, export, prune | 临床服务的审计日志：校验、检索、导出、清理"""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._clinic_open import DataFolder, KeyFile
from bedside.commands._io import PARTLY, JsonFlag, emit_json, plain, say
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.clinic.audit.read import AuditReader

COMMAND = typer.Typer(
    add_completion=False,
    help=tr("The audit log of a clinical server", "临床服务的审计日志"),
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
PublicKey = Annotated[
    str,
    typer.Option(
        "--public-key", help=tr("Whose signatures count (default: beside the log)", "签名公钥（默认随日志保存）")
    ),
]
Who = Annotated[str, typer.Option(help=tr("Account: name or id", "账户：用户名或编号"))]
Patient = Annotated[str, typer.Option(help=tr("Patient: the server's id", "患者：系统编号"))]
ActionOption = Annotated[str, typer.Option(help=tr("Action, e.g. patient.read", "操作，如 patient.read"))]
OutcomeOption = Annotated[str, typer.Option(help=tr("done, or the code of the refusal", "done 或拒绝代码"))]
Since = Annotated[str, typer.Option(metavar="TIME", help=tr("From this time on (ISO 8601)", "起始时间（ISO 8601）"))]
Until = Annotated[str, typer.Option(metavar="TIME", help=tr("Before this time", "截止时间（不含）"))]


@COMMAND.command()
def verify(
    data: DataFolder,
    checkpoint: Annotated[
        Path | None, typer.Option(help=tr("A signed end that was kept elsewhere", "另行保存的签名检查点"))
    ] = None,
    public_key: PublicKey = "",
    json: JsonFlag = False,
) -> None:
    """Check every line against the one before it and against every signature; exit 2 when anything was changed."""
    found = _reader(data, public_key).verify(_kept(checkpoint))
    if json:
        emit_json({**plain(found), "good": found.good})
    else:
        say(
            tr(
                f"{found.lines} lines, unchanged; {found.checkpoints} signatures",
                f"{found.lines} 行，未被改动；{found.checkpoints} 个签名",
            )
        )
        say(tr(f"signed by {found.public_key}", f"签名公钥 {found.public_key}"))
        if found.unsigned:
            say(tr(f"{found.unsigned} lines after the last signature", f"最后签名之后有 {found.unsigned} 行"))
        if found.clock_back:
            say(
                tr(
                    f"the clock went back before line {found.clock_back[0]}",
                    f"第 {found.clock_back[0]} 行之前时钟曾回拨",
                )
            )
    if not found.good:
        raise typer.Exit(PARTLY)


@COMMAND.command()
def search(
    data: DataFolder,
    who: Who = "",
    patient: Patient = "",
    action: ActionOption = "",
    outcome: OutcomeOption = "",
    since: Since = "",
    until: Until = "",
    json: JsonFlag = False,
) -> None:
    """Who did what: the lines that fit, oldest first; with --json a JSON object a line."""
    count = 0
    for line in _found(_reader(data), _wanted(patient, action, outcome), who, since, until):
        count += 1
        say(jsonlib.dumps(line, ensure_ascii=False) if json else _told(line))
    say(tr(f"{count} lines", f"{count} 行"), quiet=True)


@COMMAND.command()
def export(
    data: DataFolder,
    out: Annotated[Path, typer.Option("-o", "--out", help=tr("Lines to write (JSONL)", "输出的 JSONL"))],
    checkpoint: Annotated[
        Path | None, typer.Option(help=tr("Write the signed end here, to be kept elsewhere", "签名检查点的位置"))
    ] = None,
    who: Who = "",
    patient: Patient = "",
    action: ActionOption = "",
    outcome: OutcomeOption = "",
    since: Since = "",
    until: Until = "",
    json: JsonFlag = False,
) -> None:
    """Copy the lines that fit to a file for an auditor, and the signed end of the log to another."""
    from bedside.files import whole_file

    reader, count = _reader(data), 0
    with whole_file(out) as copy:
        for line in _found(reader, _wanted(patient, action, outcome), who, since, until):
            copy.write(jsonlib.dumps(line, ensure_ascii=False) + "\n")
            count += 1
    if checkpoint is not None:
        with whole_file(checkpoint) as end:
            jsonlib.dump(reader.head(), end)
    emit_json({"lines": count, "out": out}) if json else say(tr(f"{count} lines -> {out}", f"{count} 行 -> {out}"))


@COMMAND.command()
def prune(
    data: DataFolder,
    before: Annotated[
        int, typer.Option(metavar="YEAR", help=tr("Delete the files of years before", "删除此年之前的文件"))
    ],
    key_file: KeyFile = None,
    json: JsonFlag = False,
) -> None:
    """Delete audit files older than the law asks to keep; younger ones are refused."""
    from bedside.clinic.audit.retention import prune as delete
    from bedside.clinic.audit.signer import open_signer
    from bedside.clinic.keys.keyring import load_keyring

    reader = _reader(data)
    gone = delete(reader, open_signer(reader.folder / "signer.json", load_keyring(key_file, data)), before)
    emit_json({"deleted": gone}) if json else say(
        tr(f"deleted: {', '.join(gone) or 'nothing'}", f"已删除：{'、'.join(gone) or '无'}")
    )


def _reader(data: Path, public_key: str = "") -> AuditReader:
    from bedside.clinic.audit.read import AuditReader

    folder = data / "audit"
    if not folder.is_dir():
        raise UsageError(tr("no audit log there", "该处没有审计日志"), value=folder, next="bedside serve --data DIR")
    return AuditReader(folder, public_key)


def _kept(checkpoint: Path | None) -> dict[str, Any] | None:
    if checkpoint is None:
        return None
    try:
        return dict(jsonlib.loads(checkpoint.read_bytes()))
    except (OSError, ValueError, TypeError):
        raise UsageError(
            tr("not a checkpoint", "不是检查点文件"), value=checkpoint, next="bedside audit export"
        ) from None


def _wanted(patient: str, action: str, outcome: str) -> dict[str, str]:
    asked = {"patient": patient, "action": action, "outcome": outcome}
    return {name: value for name, value in asked.items() if value}


def _found(reader: AuditReader, wanted: dict[str, str], who: str, since: str, until: str) -> Iterator[dict[str, Any]]:
    for line in reader.search(wanted, since, until):
        if not who or who in (line.get("name"), line.get("who")):
            yield line


def _told(line: dict[str, Any]) -> str:
    parts = (
        line["time"],
        line.get("name", "-"),
        line.get("role", "-"),
        line["action"],
        line["outcome"],
        line.get("patient", ""),
    )
    return "  ".join(parts).rstrip()
