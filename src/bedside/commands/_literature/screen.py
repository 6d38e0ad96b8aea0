"""`bedside literature screen`: titles and abstracts in the order that finds the relevant first, and when to stop."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bedside.commands._io import JsonFlag, Seed
from bedside.commands._literature import options as options
from bedside.commands._literature.review import in_order, open_review, words_of, write_pages
from bedside.errors import UsageError
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.literature.screening.review import Review


def screen(
    records: options.Records = None,
    labels: options.Labels = None,
    question: options.Question = None,
    who: options.Who = None,
    next: options.Next = None,
    take: options.Take = None,
    out: options.Out = None,
    random: options.Random = False,
    status: options.Status = False,
    report: options.Report = None,
    flow: options.FlowOut = None,
    export: options.ExportOut = None,
    reason: options.Reasons = None,
    retractions: options.Watch = None,
    keep_duplicates: options.Keep = False,
    encoder: options.EncoderName = None,
    target: options.Target = 0.95,
    confidence: options.Confidence = 0.95,
    simulate: options.Simulated = None,
    label: options.LabelColumn = None,
    seeds: options.Seeds = 10,
    priors: options.Priors = 1,
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
        from bedside.commands._literature.simulate import simulated

        if records:
            what = tr("--simulate names its own file", "--simulate 自带文件")
            raise UsageError(what, value=records[0], next=f"bedside literature screen --simulate {simulate}")
        rule, asked = (target, confidence), words_of(question)
        simulated(simulate, label, labels, asked, seeds, priors, seed, rule, encoder, out, json=json)
        return
    if not records:
        what = tr("no records to screen", "没有可筛选的题录")
        raise UsageError(what, next="bedside literature screen pubmed.xml --labels decisions.jsonl")
    if labels is None:
        what = tr("say where decisions are kept", "请指定保存筛选决定的文件")
        raise UsageError(what, next="--labels decisions.jsonl")
    pages = {"report": report, "flow": flow, "export": export}
    _check(records, labels, next, out, take, list(pages.values()))
    review = open_review(
        records, labels, words_of(question), retractions, merge=not keep_duplicates, encoder=encoder, seed=seed
    )
    name = who or "reviewer"
    _decide(review, labels, name, take, next, out, random=random, json=json)
    write_pages(review, pages, target, confidence)
    if not (status or take or next or any(pages.values())):
        from bedside.commands._literature.ask import ask

        in_order(review, name)
        ask(review, labels, name, reason or [], random=random, target=target, confidence=confidence)
    if status or not next:
        from bedside.commands._literature.status import tell_status
        from bedside.literature.screening.labels import reviewers

        named = who if who in reviewers(review.labels) else None
        tell_status(review, named, target, confidence, json=json)


def _decide(
    review: Review,
    labels: Path,
    who: str,
    take: Path | None,
    next: int | None,
    out: Path | None,
    *,
    random: bool,
    json: bool,
) -> None:
    """Decisions in from a filled table, then the next papers out."""
    from bedside.commands._literature.batch import take_in, write_batch

    if take is not None:
        take_in(review, take, labels, who, json=json)
    if next is not None:
        assert out is not None
        in_order(review, who)
        write_batch(review, out, next, who, random=random, json=json)


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
