"""Answer a question from the library, each sentence cited | 仅依据知识库回答问题，逐句注明出处"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from bedside.commands._io import JsonFlag
from bedside.commands._knowledge.open import LibraryFolder, folder_of
from bedside.errors import UsageError
from bedside.lang import tr


def run(
    question: Annotated[
        str | None,
        typer.Argument(
            metavar="[QUESTION|FILE]",
            help=tr("A question, or a table of them; none: a conversation", "问题或问题表；不填则进入对话"),
        ),
    ] = None,
    library: LibraryFolder = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))] = None,
    chart: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help=tr("The patient's chart: warnings and search heed it", "患者病历：用于检索与警示")
        ),
    ] = None,
    audience: Annotated[
        Literal["patient", "clinician"],
        typer.Option("--for", help=tr("Plain and short, or in detail", "面向患者（简明）或临床医生（详细）")),
    ] = "patient",
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE.html", help=tr("Page of the answer", "回答页面"))
    ] = None,
    encoder: Annotated[
        str | None, typer.Option(help=tr("Where the library's encoder is now", "知识库编码器的新位置"))
    ] = None,
    words_only: Annotated[
        bool, typer.Option("--words-only", help=tr("Search words, not meanings", "仅按词检索"))
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """Answer a question from the library alone: sentences of its passages, chosen and joined, each with its citation.

    Emergencies are recognised first. Where the library does not hold the answer, that is said, and the nearest
    passages are shown. Identity in a question is removed before anything is done with it. In a terminal, what matters
    and was not said is asked for first (Enter passes over it), and further questions can follow.

    Rows of a table are `{"id", "question", "lang", "chart"}`, the last two if there are; each gives a line: `id`,
    `answer` of `sentence` and `citations`, `abstained`, `emergency`, `passages`, and why.

    `bedside ask "What are the symptoms of gout?" --library DIR`

    `bedside ask "高血压能吃布洛芬吗？" --chart CHART.json --library DIR`

    `bedside ask QUESTIONS.jsonl -o OUT.jsonl --library DIR --for clinician`
    """
    from bedside.commands._ask.open import open_consultant, person_at

    path = _table(question, out)
    _check_outputs(path, out, chart, html, resume=resume, force=force)
    if question is None and (json or html):
        raise UsageError(tr("no question", "没有问题"), next='bedside ask "What is gout?" --json')
    if question is not None and not question.strip():
        raise UsageError(tr("the question is empty", "问题为空"), next='bedside ask "What is gout?"')
    with open_consultant(folder_of(library), audience, encoder, words_only=words_only) as consultant:
        if path is not None and out is not None:
            from bedside.commands._ask.table import answer_table

            answer_table(consultant, path, out, resume=resume, as_json=json)
            return
        person = person_at(chart) if chart is not None else None
        from bedside.commands._ask.turns import converse, one_answer

        if question is None:
            converse(consultant, person)
            return
        told = one_answer(consultant, question, person, quiet=json, asks=html is None)
    from bedside.commands._ask.view import present

    present(told, html, as_json=json)


def _check_outputs(
    path: Path | None, out: Path | None, chart: Path | None, html: Path | None, *, resume: bool, force: bool
) -> None:
    """Refuse what cannot be written, before any work is done."""
    from bedside.commands._answers import check_place
    from bedside.files import check_out

    if path is not None and out is not None:
        if chart is not None or html is not None:
            what = tr("a table names its charts itself and has no page", "问题表在行内指定病历，且不生成页面")
            raise UsageError(what, where="--html" if html else "--chart", allowed='"chart": "FILE"')
        check_place(out, path, resume=resume, force=force)
    if html is not None:
        check_out(html, inputs=[chart] if chart else [])


def _table(question: str | None, out: Path | None) -> Path | None:
    """The table that is named; None for a question in words."""
    try:
        there = question is not None and Path(question).is_file()
    except (OSError, ValueError):  # too long a name, or a null in it: a question
        there = False
    if not there and out is None:
        return None
    if not there:
        raise UsageError(tr("-o is for a table of questions; no such file", "-o 用于问题表；文件不存在"), value="FILE")
    if out is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    return Path(str(question))


COMMAND = run
