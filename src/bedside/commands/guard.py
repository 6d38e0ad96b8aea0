"""Judge what is proposed for a patient before anyone reads it | 在交给读者之前审查针对患者的建议"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import JsonFlag, emit_json, say
from bedside.commands._lines import Line, TableRow, tell, write_lines
from bedside.commands._review.send import ReviewDouble, ReviewQueue, ReviewRate, ToPeople
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr
from bedside.types import Verdict

if TYPE_CHECKING:
    from bedside.formats._tables import Damage

BATCH = 64
OUTCOMES = {
    "allow": ("may pass", "可以通过"),
    "warn": ("may pass, with a warning", "可以通过，但须警示"),
    "block": ("must not pass", "不得通过"),
    "out_of_scope": ("outside what this program may say", "超出本系统可答范围"),
    "emergency": ("an emergency: act now", "急症：立即处置"),
}


def run(
    cases: Annotated[
        Path | None,
        typer.Argument(help=tr("Table of cases: id, lang, chart, proposal", "病例表：id、lang、chart、proposal")),
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))] = None,
    text: Annotated[str | None, typer.Option(help=tr("One proposal instead of a table", "单条建议"))] = None,
    question: Annotated[str, typer.Option(help=tr("What was asked, for --text", "与 --text 对应的问题"))] = "",
    chart: Annotated[
        Path | None, typer.Option(metavar="FILE", help=tr("The patient's chart, for --text", "与 --text 对应的病历"))
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    review: ReviewQueue = None,
    review_rate: ReviewRate = 0.0,
    review_double: ReviewDouble = 0.0,
    json: JsonFlag = False,
) -> None:
    """Every guard, in order: `verdict` is allow, warn, block, out_of_scope or emergency, the gravest finding decides.

    Rows are `{"id", "lang", "chart", "proposal"}`, with `question` and `evidence` (texts it may rest on) if there are;
    `chart` has `age_years`, `sex`, `pregnant`, `allergies` of `substance` and `reaction`, `conditions`, `medications`,
    `labs` of `name`, `value`, `unit`. Each gives `id`, `verdict`, `findings` of `rule`, `severity`, `reason`, `source`,
    and `ms` by guard. A row that cannot be read is blocked, gets `error`, and the exit code is 3. With `--review`
    what does not simply pass goes to the people who check (`bedside review`), and `--review-rate` of what does.

    `bedside guard CASES.jsonl -o OUT.jsonl`

    `bedside guard CASES.jsonl -o OUT.jsonl --review queue.sqlite --review-rate 0.02`

    `bedside guard --chart CHART.json --text "Start ibuprofen 400 mg three times daily."`
    """
    if (cases is None) == (text is None):
        raise UsageError(tr("give a table or --text", "请给出病例表或 --text"), next="bedside guard --help")
    to_people = ToPeople.of(review, review_rate, review_double)
    if text is not None:
        _one(text, question, chart, to_people, as_json=json)
        return
    assert cases is not None
    if chart is not None or question:
        what = tr("a table holds its charts and questions itself", "病例表在行内给出病历和问题")
        raise UsageError(what, where="--chart" if chart else "--question", next="--text")
    if out is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    _table(cases, out, to_people, resume=resume, force=force, as_json=json)


def _table(cases: Path, out: Path, to_people: ToPeople | None, *, resume: bool, force: bool, as_json: bool) -> None:
    from bedside.commands._answers import check_place
    from bedside.commands._guard.rows import answer_rows
    from bedside.formats._tables import Damage

    check_place(out, cases, resume=resume, force=force)
    damaged = Damage(cases.name)
    did = write_lines(
        out,
        _rows(cases, damaged),
        partial(answer_rows, to_people=to_people),
        title=tr("judging", "审查"),
        batch=BATCH,
        resume=resume,
        counting={name: partial(_is, name) for name in OUTCOMES},
    )
    each = ", ".join(f"{name} {did[name]}" for name in OUTCOMES)
    en = f"{counted(did['rows'], 'case')} written to {out}: {each}; {did['failed']} of them could not be read"
    zh = f"已写出 {did['rows']} 例到 {out}：{each}；其中 {did['failed']} 例无法读取"
    lost = tr(f"lines of the table not read: {damaged.count}", f"表格中未读取的行：{damaged.count}")
    report = {"out": out, **did, "damaged": damaged.count, **({"review": dict(to_people.tally)} if to_people else {})}
    sent = to_people.told() if to_people else ""
    tell(report, tr(en, zh), lost if damaged.count else "", sent, disclaimer(), as_json=as_json)


def _is(outcome: str, line: Line) -> bool:
    return bool(line["verdict"] == outcome)


def _rows(cases: Path, damaged: Damage) -> Iterator[TableRow]:
    from bedside.formats._tables import cell_text, read_rows

    for place, row in read_rows(cases, on_problem=damaged):
        yield TableRow(cell_text(row.get("id")) or place, row)


def _one(text: str, question: str, chart: Path | None, to_people: ToPeople | None, *, as_json: bool) -> None:
    from bedside.commands._guard.chart import facts_at
    from bedside.commands._guard.rows import Case, for_people, judged, proposed, told

    if not text.strip():
        raise UsageError(tr("the text is empty", "文本为空"), where="--text")
    facts, unread = facts_at(chart) if chart is not None else (None, ())
    proposal = proposed(text, None, facts, question)
    found = judged(proposal)
    if to_people:
        to_people.send([for_people(Case(proposal, found, unread))])
    if as_json:
        emit_json({**told(found, unread), "note": disclaimer()})
        return
    _show(found)
    if to_people:
        say(to_people.told())
    if unread:
        say(tr("not read in the chart: ", "病历中未读取：") + ", ".join(unread))
    say(disclaimer())


def _show(found: Verdict) -> None:
    """The verdict, and what led to it, for people."""
    say(f"{found.outcome}: {tr(*OUTCOMES[found.outcome])}")
    for one in found.findings:
        say(f"- {one.severity} {one.rule}: {one.reason}")
        say(f"  [{one.source}]")


COMMAND = run
