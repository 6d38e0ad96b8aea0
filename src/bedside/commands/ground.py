"""Trace each sentence of a text to a chart: supported, contradicted, unsupported | 逐句核对文本是否有病历依据"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.commands._io import JsonFlag
from bedside.lang import counted, disclaimer, tr

BATCH = 8
"""Cases at a time."""


def run(
    cases: Annotated[
        Path,
        typer.Argument(
            metavar="CASES.jsonl", help=tr("id, lang, chart_text, generated", "含 id、lang、chart_text、generated")
        ),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help=tr("JSONL to write; - is standard output", "输出 JSONL；- 为标准输出"))
    ],
    why: Annotated[
        bool, typer.Option("--why", help=tr("Also tell what spoke against each sentence", "同时给出判断依据"))
    ] = False,
    rewrite: Annotated[
        bool,
        typer.Option(
            "--rewrite",
            help=tr(
                "Also write what may be served: put right from the chart, or left out",
                "同时给出按病历更正、略去后的文本",
            ),
        ),
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """Say of each sentence in `generated` whether `chart_text` supports it.

    A case is `{"id", "lang", "chart_text", "generated": [sentences]}`. Its line is `{"id", "sentences": [{"supported",
    "verdict", "evidence"}]}`: `verdict` is supported, contradicted or unsupported; `evidence` is the place in
    `chart_text` (`start`, `end`, in characters) that the sentence rests on or runs against, null where there is none.

    `--rewrite` adds what may be served: `rewritten`, the sentences that hold, values, doses and sides that the chart
    contradicts put right from it; `changed` `[{"before", "after"}]`, `left_out`, and `notice` for the reader.

    Where the encoder e5 is installed, a learnt reader reads Chinese sentences beside the rules.

    A case that cannot be read gets `id` and `error`, and the exit code is 3.

    `bedside ground CASES.jsonl -o OUT.jsonl`
    """
    from bedside.commands._answers import check_place
    from bedside.commands._lines import Line, TableRow, answer_each, table_rows, tell, write_lines

    check_place(out, cases, resume=resume, force=force)

    def answer(rows: list[TableRow]) -> Iterator[Line]:
        return answer_each(lambda row: _line(row.row, why=why, rewrite=rewrite), rows)

    not_held = dict.fromkeys(("contradicted", "unsupported"), 0)

    def see(line: Line) -> None:
        for one in line.get("sentences", ()):
            if not one["supported"]:
                not_held[one["verdict"]] += 1

    did = write_lines(
        out, table_rows(cases), answer, title=tr("grounding", "核对"), batch=BATCH, resume=resume, see=see
    )
    against, silent = not_held["contradicted"], not_held["unsupported"]
    told = tr(
        f"{counted(did['rows'], 'case')} written to {out}; sentences contradicted: {against}, unsupported: {silent}; "
        f"cases without an answer: {did['failed']}",
        f"已写出 {did['rows']} 例至 {out}；与病历矛盾 {against} 句，无依据 {silent} 句；未能处理 {did['failed']} 例",
    )
    tell({"out": out, **did, **not_held}, told, disclaimer(), as_json=json)


def _line(row: dict[str, Any], *, why: bool, rewrite: bool) -> dict[str, Any]:
    """The line of one case; DataError where it lacks its texts."""
    from bedside.commands._lines import lang_of
    from bedside.errors import DataError
    from bedside.grounding import Ground
    from bedside.grounding.reader import default_reader

    chart, said = row.get("chart_text"), row.get("generated")
    if not isinstance(chart, str) or not isinstance(said, list) or not all(isinstance(one, str) for one in said):
        raise DataError(
            tr(
                "needs chart_text (text) and generated (list of texts)",
                "需要 chart_text（文本）与 generated（文本列表）",
            )
        )
    read = Ground(chart, lang_of(row), default_reader())
    line = {"sentences": [_told(one, why=why) for one in read.ground_all(said)]}
    return {**line, **_served(said, read)} if rewrite else line


def _served(said: list[str], chart: Any) -> dict[str, Any]:
    """What may be served of the sentences of a case, and what its reader is told."""
    from bedside.grounding.rewrite import changes, put_right, rewriting_notice

    done = put_right(said, chart)
    return {
        "rewritten": [one.now for one in done if one.verdict.supported],
        "changed": [{"before": before, "after": after} for before, after in changes(done)],
        "left_out": [one.said for one in done if not one.verdict.supported],
        "notice": rewriting_notice(done),
    }


def _told(one: Any, *, why: bool) -> dict[str, Any]:
    place = {"start": one.evidence.start, "end": one.evidence.end} if one.evidence else None
    line = {"supported": one.supported, "verdict": one.verdict, "evidence": place}
    return {**line, "doubt": one.doubt, "because": list(one.because)} if why else line


COMMAND = run
