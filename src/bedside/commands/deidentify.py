"""Remove identity from notes or charts, in Chinese and English | 去除病历文本中的身份信息（中英文）"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, Jobs, JsonFlag, check_lines_name, emit_json, progress, say, table
from bedside.errors import FormatError, UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.commands._deidentify.notes import Job
    from bedside.deid import Policy

NotesArgument = Annotated[
    Path | None,
    typer.Argument(help=tr("Notes (JSONL, CSV, Excel, ...) or charts from `bedside import`", "病历文本或病历文件")),
]


def run(
    notes: NotesArgument = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help=tr("Where to write JSON Lines", "输出文件（JSONL）"))
    ] = None,
    spans: Annotated[
        bool, typer.Option("--spans", help=tr("Say where identity stood in the input", "输出原文中的位置"))
    ] = False,
    action: Annotated[
        str | None, typer.Option(help=tr("tag (default), mask or surrogate", "tag（默认）、mask 或 surrogate"))
    ] = None,
    date: Annotated[str | None, typer.Option(help=tr("Dates: shift or tag", "日期：shift 平移或 tag 标记"))] = None,
    policy: Annotated[Path | None, typer.Option(help=tr("A policy, in TOML", "策略文件（TOML）"))] = None,
    presidio: Annotated[
        bool | None, typer.Option(help=tr("Presidio's patterns as well", "同时使用 Presidio 的规则"))
    ] = None,
    thorough: Annotated[
        bool | None,
        typer.Option(
            "--thorough/--quick",
            help=tr(
                "A pretrained encoder reads once more: finds more, far slower",
                "再由预训练编码器通读：找得更全，但慢得多",
            ),
        ),
    ] = None,
    seed: Annotated[int | None, typer.Option(help=tr("Repeatable, for demos only", "可重复，仅用于演示"))] = None,
    vault: Annotated[
        Path | None, typer.Option(help=tr("Keep the way back here, encrypted", "加密保存对应关系的保险库"))
    ] = None,
    key_file: Annotated[
        Path | None, typer.Option("--key-file", help=tr("The vault's key (or BEDSIDE_VAULT_KEY)", "保险库密钥"))
    ] = None,
    text: Annotated[str | None, typer.Option(help=tr("Column with the text", "文本列"))] = None,
    id: Annotated[str | None, typer.Option("--id", help=tr("Column with the note's id", "编号列"))] = None,
    patient: Annotated[str | None, typer.Option(help=tr("Column with the patient", "患者列"))] = None,
    language: Annotated[
        str | None, typer.Option(help=tr("Language of the notes, if one only: en or zh", "文本语言：en 或 zh"))
    ] = None,
    report: Annotated[Path | None, typer.Option(help=tr("Write a report here, as JSON", "报告文件（JSON）"))] = None,
    evaluate: Annotated[
        Path | None, typer.Option(help=tr("Measure on notes marked by people", "在人工标注的文本上评估"))
    ] = None,
    jobs: Jobs = 0,
    json: JsonFlag = False,
) -> None:
    """Remove identity from notes or charts, or measure how well that works (`--evaluate`).

    One line a note, in order: id, scrubbed text and, with --spans, offsets in code points into the input text.
    A note that fails is never passed on: its line holds id and error, and the exit code is 3.
    """
    if language not in (None, "en", "zh"):
        raise UsageError(tr("unknown language", "未知语言"), value=language, allowed=["en", "zh"])
    if evaluate is not None:
        if notes is not None or out is not None:
            raise UsageError(
                tr("--evaluate reads marked notes alone and writes none", "--evaluate 只读取标注文本，不写出文件"),
                next="bedside deidentify --evaluate LABELLED.jsonl",
            )
        rules = _policy(policy, {"presidio": presidio, "thorough": thorough})
        _measure(evaluate, text, language, rules, as_json=json)
        return
    if notes is None or out is None:
        raise UsageError(
            tr("notes and -o are needed", "需要输入文件和 -o"), next="bedside deidentify NOTES.jsonl -o OUT.jsonl"
        )
    if key_file is not None and vault is None:
        raise UsageError(
            tr("a key without a vault keeps no way back", "只有密钥而无保险库，不会保留对应关系"), next="--vault VAULT"
        )
    from bedside.commands._deidentify.notes import Job
    from bedside.commands._deidentify.report import tell, write_report
    from bedside.deid import open_vault
    from bedside.files import check_out
    from bedside.formats._tables import table_kind

    if table_kind(notes) == "conll":  # a name of two tokens is none to a reader of single ones
        raise FormatError(
            tr("columns of tokens, where notes are needed", "此处须为病历文本，而非逐词列"),
            value=str(notes),
            next=f"bedside data convert {notes} -o NOTES.jsonl",
        )
    check_out(out, inputs=[notes, policy, vault, key_file])
    check_lines_name(out)
    if report is not None:
        check_out(report, inputs=[notes, policy, vault, key_file, out])
    opened = None if vault is None else open_vault(vault, key_file=key_file)
    rules = _policy(policy, {"action": action, "date": date, "presidio": presidio, "thorough": thorough, "seed": seed})
    job = Job(policy=rules, vault=opened, text=text, id=id, patient=patient, spans=spans, lang=language)
    summary = _scrub_file(job, notes, out, jobs)
    if report is not None:
        write_report(report, summary)
    tell(summary, report, as_json=json)
    if summary["failed"] or summary["unreadable"]:
        raise typer.Exit(PARTLY)


def _policy(path: Path | None, said: dict[str, Any]) -> Policy:
    """The policy file, and over it what was said on the command line."""
    from bedside.deid._policy import ACTIONS, DATE_ACTIONS, Policy, read_policy
    from bedside.deid.encoder.thorough import encoder_installed, require_encoder

    action, date = said.get("action"), said.get("date")
    if action is not None and action not in ACTIONS:
        raise UsageError(tr("unknown action", "未知处理方式"), where="--action", value=action, allowed=ACTIONS)
    if date is not None and date not in DATE_ACTIONS:
        raise UsageError(
            tr("unknown action for dates", "未知日期处理方式"), where="--date", value=date, allowed=DATE_ACTIONS
        )
    settings = read_policy(path) if path else {}
    settings |= {key: value for key, value in said.items() if value is not None}
    if settings.setdefault("thorough", encoder_installed()):
        require_encoder()
    return Policy(**settings)


def _scrub_file(job: Job, notes: Path, out: Path, jobs: int) -> dict[str, Any]:
    """Read, scrub and write, streaming and in order; the output appears whole or not at all."""
    import time
    from collections import Counter

    from bedside.commands._deidentify.columns import settled
    from bedside.commands._deidentify.out import scrubbed_file
    from bedside.commands._deidentify.pool import scrub_all
    from bedside.formats._tables import read_rows

    removed: Counter[str] = Counter()
    count = characters = 0
    remarks: list[dict[str, str]] = []
    faults: list[dict[str, str]] = []
    began = time.monotonic()
    read = read_rows(notes, on_problem=lambda problem: remarks.append({"place": problem.place, "what": problem.what}))
    job, rows = settled(job, read)
    with progress(tr("removing identity", "去除身份信息")) as advance, scrubbed_file(out) as file:
        for done in scrub_all(job, rows, jobs):
            file.write(done.line + "\n")
            count, characters = count + 1, characters + done.characters
            if done.fault:
                faults.append({"place": done.fault[0], "what": done.fault[1]})
            removed.update(done.removed)
            advance(1)
    seconds = time.monotonic() - began
    return {
        "notes": count,
        "failed": len(faults),
        "failures": faults,
        "unreadable": remarks,
        "removed": dict(sorted(removed.items())),
        "policy": job.policy.name(),
        "thorough": job.policy.thorough,
        "patient": job.patient,
        "characters": characters,
        "seconds": round(seconds, 2),
        "out": str(out),
    }


def _measure(labelled: Path, text: str | None, lang: str | None, rules: Policy, *, as_json: bool) -> None:
    """Print recall and precision a type on `{text, spans: [{start, end, type}]}`."""
    from itertools import islice

    from bedside.commands._deidentify.notes import Job
    from bedside.commands._deidentify.pool import CHUNK_ROWS, labelled_notes
    from bedside.deid import find_many
    from bedside.deid._evaluate import MEASURES, evaluate_spans, measure_name
    from bedside.evaluate._words import shown

    job = Job(policy=rules, text=text)
    with progress(tr("measuring", "评估")) as advance:

        def found() -> Any:
            notes = labelled_notes(labelled, job)
            while some := list(islice(notes, CHUNK_ROWS)):
                texts = [note for note, _ in some]
                read = find_many(texts, lang=lang, presidio=rules.presidio, thorough=rules.thorough)
                yield from ((note, marked, spans) for (note, marked), spans in zip(some, read, strict=True))
                advance(len(some))

        result = evaluate_spans(found())
    if as_json:
        emit_json(result)
        return
    head = [tr("type", "类型"), *map(measure_name, MEASURES)]
    rows = [[type, *(shown(figures[name]) for name in MEASURES)] for type, figures in result.types.items()]
    table(tr(counted(result.n_notes, "note"), f"{result.n_notes} 份"), head, rows)
    untouched = shown(result.untouched)
    say(tr(f"notes without identity left untouched: {untouched}", f"无身份信息且未改动：{untouched}"))


COMMAND = run
