"""Say who stands behind a pseudonym, with key and reason, on the record | 凭密钥与理由还原假名，并记入审计日志"""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.errors import UsageError
from bedside.lang import tr

KINDS = ("patient", "entry", "file", "surrogate")


def run(
    pseudonyms: Annotated[
        list[str] | None, typer.Argument(help=tr("Pseudonyms, such as P-1f2e...", "假名，如 P-1f2e..."))
    ] = None,
    vault: Annotated[Path | None, typer.Option(help=tr("The vault", "保险库"))] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help=tr("Its key (or BEDSIDE_VAULT_KEY)", "密钥文件"))
    ] = None,
    reason: Annotated[str, typer.Option(help=tr("Why; written to the audit log", "理由，写入审计日志"))] = "",
    who: Annotated[str, typer.Option(help=tr("Who asks (default: this account)", "申请人（默认当前账户）"))] = "",
    kind: Annotated[
        str, typer.Option(help=tr("patient, entry, file or surrogate", "patient、entry、file 或 surrogate"))
    ] = "patient",
    of: Annotated[
        str | None, typer.Option("--of", help=tr("Whose surrogate: a patient's pseudonym", "替代词所属患者的假名"))
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help=tr("Only check vault and audit log", "只校验保险库与审计日志"))
    ] = False,
    json: JsonFlag = False,
) -> None:
    """Say who stands behind a pseudonym; each one asked for is written to the audit log first, found or not."""
    from bedside.deid.vault.audit import AuditLog, Disclosure
    from bedside.deid.vault.vault import open_vault

    if vault is None or not (pseudonyms or verify):
        raise UsageError(
            tr("pseudonyms and --vault are needed", "需要假名和 --vault"),
            next="bedside reidentify P-... --vault VAULT --key-file KEY --reason WHY",
        )
    if kind not in KINDS:
        raise UsageError(tr("unknown kind", "未知种类"), value=kind, allowed=KINDS)
    if (kind == "surrogate") != (of is not None):
        raise UsageError(tr("--kind surrogate and --of go together", "--kind surrogate 须与 --of 同用"))
    shelf = f"surrogate {of}" if of else kind
    opened = open_vault(vault, key_file=key_file, create=False)
    log = AuditLog(vault.with_name(vault.name + ".audit.jsonl"), opened.key)
    rows, lines = opened.verify(), log.verify(opened.recall("audit end"))
    if verify:
        emit_json({"vault_rows": rows, "audit_lines": lines}) if json else say(
            tr(
                f"vault: {rows} rows, audit log: {lines} lines, unchanged",
                f"保险库 {rows} 行，审计日志 {lines} 行，未被改动",
            )
        )
        return
    if not reason.strip():
        raise UsageError(tr("a reason is needed", "须说明理由"), next="--reason WHY")
    asked = {}
    for name in pseudonyms or ():
        disclosure = Disclosure(who=who or getpass.getuser(), why=reason, pseudonym=name)
        log.append(disclosure, on_end=lambda end: opened.remember("audit end", end))
        asked[name] = opened.get(shelf, name)
    _tell(asked, as_json=json)
    if not all(asked.values()):
        raise typer.Exit(PARTLY)


def _tell(asked: dict[str, list[str]], *, as_json: bool) -> None:
    if as_json:
        emit_json(asked)
        return
    for name, originals in asked.items():
        say(f"{name}  {' / '.join(originals) or tr('not in this vault', '此保险库中没有')}")


COMMAND = run
