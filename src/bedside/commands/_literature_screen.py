"""`bedside literature screen`: titles and abstracts in the order that finds the relevant first, and when to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.commands._io import JsonFlag, Seed, say
from bedside.errors import UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.literature.screening.review import Review

Records = Annotated[
    list[Path] | None,
    typer.Argument(metavar="RECORDS...", help=tr("Records: PubMed XML, MEDLINE, RIS, CSV, JSONL, ...", "题录文件")),
]
Labels = Annotated[
    Path | None,
    typer.Option("--labels", metavar="FILE", help=tr("Decisions (JSONL), only added to", "筛选决定（JSONL，只追加）")),
]
Question = Annotated[
    str | None,
    typer.Option("--question", help=tr("Question or criteria, or a text file of them", "问题或纳入标准，或其文本文件")),
]
Who = Annotated[
    str, typer.Option("--who", help=tr("Reviewer; consensus settles conflicts", "评审者；consensus 为协商"))
]
Next = Annotated[
    int | None, typer.Option("--next", min=1, metavar="N", help=tr("Write the next N to -o", "写出接下来的 N 篇到 -o"))
]
Take = Annotated[
    Path | None, typer.Option("--take", metavar="FILE", help=tr("Read decisions from a filled table", "读入已填写的表"))
]
Out = Annotated[
    Path | None, typer.Option("-o", "--out", help=tr("Table to write: CSV or JSONL", "输出表：CSV 或 JSONL"))
]
Random = Annotated[
    bool, typer.Option("--random", help=tr("Read at random: proves recall by itself", "随机阅读，可独立证明召回率"))
]
Status = Annotated[bool, typer.Option("--status", help=tr("Say how far it is, and stop", "显示进度后退出"))]
Report = Annotated[
    Path | None, typer.Option("--report", metavar="PAGE", help=tr("HTML with PRISMA counts", "含 PRISMA 计数的 HTML"))
]
FlowOut = Annotated[
    Path | None, typer.Option("--flow", metavar="SVG", help=tr("PRISMA flow diagram", "PRISMA 流程图（SVG）"))
]
ExportOut = Annotated[
    Path | None,
    typer.Option("--export", metavar="FILE", help=tr("Decisions: RIS, CSV, JSONL", "决定：RIS、CSV、JSONL")),
]
Reasons = Annotated[
    list[str] | None, typer.Option("--reason", help=tr("A reason to exclude, offered by number", "排除理由选项"))
]
Watch = Annotated[
    Path | None, typer.Option("--retractions", metavar="CSV", help=tr("Retraction Watch CSV", "Retraction Watch 表"))
]
Keep = Annotated[bool, typer.Option("--keep-duplicates", help=tr("Merge nothing", "不合并重复记录"))]
EncoderName = Annotated[
    str | None, typer.Option("--encoder", help=tr("Backbone whose vectors are used too", "另用其向量的骨干"))
]
Target = Annotated[float, typer.Option("--target", min=0.5, max=1.0, help=tr("Recall wanted", "目标召回率"))]
Confidence = Annotated[float, typer.Option("--confidence", min=0.5, max=0.999, help=tr("Of the rule", "判定的置信度"))]
Simulated = Annotated[
    Path | None,
    typer.Option("--simulate", metavar="LABELLED", help=tr("Read a finished review again", "重放已完成的筛选")),
]
LabelColumn = Annotated[
    str | None, typer.Option("--label", metavar="COLUMN", help=tr("Its column of decisions", "其决定所在列"))
]
Seeds = Annotated[int, typer.Option("--seeds", min=1, help=tr("Simulated readings", "模拟次数"))]
Priors = Annotated[int, typer.Option("--priors", min=0, help=tr("Known papers of each kind", "每类已知文献数"))]


def screen(
    records: Records = None,
    labels: Labels = None,
    question: Question = None,
    who: Who = "reviewer",
    next: Next = None,
    take: Take = None,
    out: Out = None,
    random: Random = False,
    status: Status = False,
    report: Report = None,
    flow: FlowOut = None,
    export: ExportOut = None,
    reason: Reasons = None,
    retractions: Watch = None,
    keep_duplicates: Keep = False,
    encoder: EncoderName = None,
    target: Target = 0.95,
    confidence: Confidence = 0.95,
    simulate: Simulated = None,
    label: LabelColumn = None,
    seeds: Seeds = 10,
    priors: Priors = 1,
    seed: Seed = 0,
    json: JsonFlag = False,
) -> None:
    """Screen titles and abstracts: the likeliest first, learning from each decision, until a test says stop.

    Alone it asks in the terminal; with --next and --take decisions are made in a table; --simulate reads a finished
    review again. The file of labels is only added to, so a stopped review goes on where it was. Retracted papers are
    flagged, certain duplicates are read once.

    `bedside literature screen pubmed.xml cnki.ris --labels decisions.jsonl --question "colchicine for gout" --who ann`

    `bedside literature screen pubmed.xml --labels decisions.jsonl --next 50 -o batch.csv`

    `bedside literature screen pubmed.xml --labels decisions.jsonl --take batch.csv --report review.html`

    `bedside literature screen --simulate finished.csv --label included --seeds 10`
    """
    if simulate is not None:
        from bedside.commands._literature_simulate import simulated

        simulated(
            simulate,
            label,
            labels,
            _asked(question),
            seeds,
            priors,
            seed,
            (target, confidence),
            encoder,
            out,
            json=json,
        )
        return
    if not records:
        raise UsageError(
            tr("no records to screen", "没有可筛选的题录"), next="bedside literature screen pubmed.xml --labels ..."
        )
    if labels is None:
        raise UsageError(
            tr("say where decisions are kept", "请指定保存筛选决定的文件"), next="--labels decisions.jsonl"
        )
    _check(records, labels, next, out, take, [report, flow, export])
    review = _review(records, labels, _asked(question), retractions, keep_duplicates, encoder, seed)
    if take is not None:
        from bedside.commands._literature_batch import take_in

        take_in(review, take, labels, who, json=json)
    if next is not None:
        from bedside.commands._literature_batch import write_batch

        assert out is not None
        write_batch(review, out, next, who, random=random, json=json)
    for path, write in ((report, _page), (flow, _svg), (export, _export)):
        if path is not None:
            write(review, path, target, confidence)
            say(tr(f"written: {path}", f"已写出：{path}"), quiet=True)
    if not (status or take or next or report or flow or export):
        from bedside.commands._literature_ask import ask

        ask(review, labels, who, reason or [], random=random, target=target, confidence=confidence)
    if not next or status:
        from bedside.commands._literature_status import tell_status
        from bedside.literature.screening.labels import reviewers

        named = who if who in reviewers(review.labels) else None
        tell_status(review, named, target, confidence, json=json)


def _check(
    records: list[Path],
    labels: Path,
    next: int | None,
    out: Path | None,
    take: Path | None,
    pages: list[Path | None],
) -> None:
    """Refuse, before the work, what cannot be written and one file named for two things."""
    from bedside.files import check_out

    if next is not None and out is None:
        raise UsageError(tr("say where to write the batch", "请指定批次输出文件"), next="-o batch.csv")
    if out is not None and next is None:
        what = tr("-o is for --next or --simulate", "-o 用于 --next 或 --simulate")
        raise UsageError(what, next="--next 50 -o batch.csv")
    made = [path for path in (labels, out, *pages) if path is not None]
    for at, path in enumerate(made):
        check_out(path, [*records, take, *made[:at]])


def _asked(question: str | None) -> str:
    """The question, or the text of the file that is named."""
    if not question:
        return ""
    try:
        there = Path(question).is_file()
    except (OSError, ValueError):  # too long a name: a question
        there = False
    return Path(question).read_text(encoding="utf-8") if there else question


def _review(
    records: list[Path],
    labels: Path,
    question: str,
    retractions: Path | None,
    keep_duplicates: bool,
    encoder: str | None,
    seed: int,
) -> Review:
    from bedside.commands._io import progress
    from bedside.literature._record import records_of
    from bedside.literature.notices import read_watch
    from bedside.literature.screening.labels import read_labels
    from bedside.literature.screening.review import Review

    encode = None
    if encoder:
        from bedside.model.embedder import open_encoder

        encode = open_encoder(encoder).passages
    watch = read_watch(retractions) if retractions else None
    known = read_labels(labels)
    with progress(tr("reading the records", "读取题录")) as advance:
        found, problems = records_of(records)
        advance(len(found))
        review = Review(
            found, known, question=question, watch=watch, merge=not keep_duplicates, encode=encode, seed=seed
        )
    for problem in problems[:5]:
        say(f"{problem.place}: {problem.what}", quiet=True)
    if len(problems) > 5:
        say(tr(f"... and {len(problems) - 5} more", f"…… 另有 {len(problems) - 5} 条"), quiet=True)
    if review.unknown:
        en = f"{counted(review.unknown, 'decision')} on papers that are not among these records; not counted"
        say(tr(en, f"{review.unknown} 条决定对应的文献不在这些题录中，未计入"), quiet=True)
    return review


def _page(review: Review, path: Path, target: float, confidence: float) -> None:
    from bedside.files import whole_file
    from bedside.literature.screening.report import page

    with whole_file(path) as file:
        file.write(page(review, target, confidence))


def _svg(review: Review, path: Path, target: float, confidence: float) -> None:
    from bedside.files import whole_file
    from bedside.literature.screening.prisma import flow_of, svg

    with whole_file(path) as file:
        file.write(svg(flow_of(review)))


def _export(review: Review, path: Path, target: float, confidence: float) -> None:
    from bedside.commands._literature_export import export

    export(review, path)
