"""`bedside trials match`: a chart against trials, or trials against a cohort of charts, a line a chart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bedside.commands._io import STDOUT, Jobs, JsonFlag, emit_json, progress
from bedside.errors import DataError, UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._lines import Answer, Line
    from bedside.commands._trials.charts import ChartRow
    from bedside.trials.matching.found import Rules
    from bedside.trials.matching.match import Matcher
    from bedside.trials.trial import Trial

BATCH = 16
"""Charts at a time: a second's work or so."""
Unmentioned = Literal["unknown", "listed", "absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """What charts are matched against and how, as another process can be sent it."""

    trials: tuple[Trial, ...]
    rules: Rules
    on: date | None = None
    brief: bool = False

    def opened(self) -> Answer[ChartRow]:
        """What matches a batch of charts."""
        from bedside.commands._lines import answer_each
        from bedside.trials.matching.match import Matcher

        return partial(answer_each, partial(self.line, Matcher(self.trials, self.rules)))

    def line(self, matcher: Matcher, row: ChartRow) -> Line:
        """One chart's trials and questions."""
        from bedside.commands._trials.charts import prepared
        from bedside.trials.matching.telling import match_to_json

        chart, later = prepared(row.chart(), self.on, matcher.words)
        said = match_to_json(matcher.match(chart, later=later), whole=not self.brief)
        del said["disclaimer"]
        return {key: said[key] for key in ("trials", "questions")}


def match(
    chart: Annotated[
        str,
        typer.Argument(
            metavar="CHART|CHARTS|TEXT", help=tr("Chart, cohort of charts, or a note", "病历、病历队列或文本")
        ),
    ],
    trials: Annotated[
        Path, typer.Option("--trials", metavar="TRIALS", help=tr("What `bedside trials import` wrote", "已导入的试验"))
    ],
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=tr("JSONL, a line a chart", "JSONL，每份病历一行"))
    ] = None,
    trial: Annotated[
        list[str] | None, typer.Option("--trial", metavar="ID", help=tr("Only this trial", "仅该试验"))
    ] = None,
    unmentioned: Annotated[
        Unmentioned, typer.Option(help=tr("What a chart's silence means", "病历未提及时如何判定"))
    ] = "unknown",
    recent: Annotated[
        float, typer.Option(min=1, metavar="DAYS", help=tr("Older values decide nothing", "更早的检验结果不作判定"))
    ] = 365.0,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help=tr("Today, if not the last entry", "以该日为今日"))
    ] = None,
    html: Annotated[Path | None, typer.Option(help=tr("Page of the result", "结果页面"))] = None,
    brief: Annotated[
        bool, typer.Option("--brief", help=tr("Lines without the criteria that are met", "输出中省略已符合的条目"))
    ] = False,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    jobs: Jobs = 1,
    json: JsonFlag = False,
) -> None:
    """Match charts against trials: every criterion met, not met or unknown, with the entries of the chart behind it.

    One chart is told trial by trial, the best first, with the questions that would decide most; with -o, a line a
    chart, and for each trial how many charts may fit and which come first. A chart that cannot be read is told as such,
    never as not eligible; exit code 3.

    What a chart does not mention is unknown. --unmentioned listed takes it for absent where the chart keeps a coded
    list of its kind, --unmentioned absent always.

    `bedside trials match CHART.json --trials TRIALS.jsonl`

    `bedside trials match "A 58-year-old man with type 2 diabetes, eGFR 42." --trials TRIALS.jsonl`

    `bedside trials match CHARTS.jsonl --trials TRIALS.jsonl --trial NCT00000001 -o MATCHES.jsonl --jobs 0`
    """
    from bedside.commands._answers import check_place
    from bedside.commands._trials.charts import named_file
    from bedside.files import check_out
    from bedside.trials.matching.found import Rules

    path = named_file(chart)
    if out and path is None:
        raise UsageError(tr("-o is for files of charts", "-o 用于病历文件"), next="bedside trials match CHARTS -o OUT")
    if out and path:
        check_place(out, path, resume=resume, force=force)
    if html:
        check_out(html, inputs=[path, trials, out])
    matching = Matching(
        trials=_trials(trials, trial or []),
        rules=Rules(unmentioned, recent),
        on=_day(on),
        brief=brief,
    )
    if out and path:
        _cohort(matching, path, out, resume=resume, jobs=jobs, html=html, as_json=json)
    else:
        _one(matching, chart, path, html=html, as_json=json)


def _one(matching: Matching, text: str, path: Path | None, *, html: Path | None, as_json: bool) -> None:
    """One chart, told in full."""
    from bedside.commands._trials.charts import prepared, row_of, rows_of
    from bedside.commands._trials.view import show
    from bedside.trials.matching.match import Matcher
    from bedside.trials.matching.telling import match_to_json, rule_said

    rows = list(islice(rows_of(path), 2)) if path else [row_of(text)]
    if len(rows) != 1:
        what = tr("give one chart, or say where to write the answers", "请给出单份病历或指定输出文件")
        raise UsageError(what, next="-o OUT.jsonl")
    matcher = Matcher(matching.trials, matching.rules)
    chart, later = prepared(rows[0].chart(), matching.on, matcher.words)
    found = matcher.match(chart, later=later)
    said = {**match_to_json(found), "rule": rule_said(matching.rules)}
    if html:
        from bedside.trials.matching.page import save_chart

        save_chart(html, found, matching.rules)
    if as_json:
        emit_json({**said, **({"html": html} if html else {})})
        return
    show(found, matching.rules, html)


def _cohort(
    matching: Matching, path: Path, out: Path, *, resume: bool, jobs: int, html: Path | None, as_json: bool
) -> None:
    """Many charts: a line each, then the trials' side of it."""
    from bedside.commands._lines import tell, write_lines
    from bedside.commands._trials.charts import rows_of
    from bedside.commands._trials.view import show_cohort
    from bedside.trials.matching.cohort import Cohort

    cohort = Cohort({one.id: one.title for one in matching.trials})
    did = write_lines(
        out,
        rows_of(path),
        matching.opened(),
        title=tr("matching", "匹配"),
        batch=BATCH,
        resume=resume,
        opens=matching.opened,
        jobs=jobs,
        see=cohort.see if not resume else None,
    )
    if resume and out != STDOUT:  # lines of the earlier run count too
        with progress(tr("counting", "汇总")) as advance:
            cohort.read(out, advance)
    if html:
        from bedside.trials.matching.page import save_cohort

        save_cohort(html, cohort, matching.rules)
    if not as_json:
        show_cohort(cohort, matching.rules, quiet=out == STDOUT)
    every, failed = did["rows"] + did["skipped"], did["failed"]
    en = f"{counted(every, 'chart')} written to {out}: {failed} could not be read or matched"
    report = {
        "out": out,
        **did,
        "repeated": cohort.repeated,
        "trials": cohort.told(),
        **({"html": html} if html else {}),
    }
    tell(report, tr(en, f"已写出 {every} 份病历到 {out}：{failed} 份无法读取或匹配"), disclaimer(), as_json=as_json)


def _trials(path: Path, wanted: list[str]) -> tuple[Trial, ...]:
    """The trials to match against; UsageError for an id that is not among them."""
    from bedside.trials.reading import parsed
    from bedside.trials.store import trials_of

    if not path.is_file():
        what = tr("no such file of trials", "没有该试验文件")
        raise UsageError(what, where="--trials", value=str(path), next="bedside trials import FILES -o TRIALS.jsonl")
    with progress(tr("opening trials", "打开试验")) as advance:
        kept = (one for one in trials_of(path) if not wanted or one.id in wanted)
        found = tuple(parsed(one) for one in kept if advance() is None)
    missing = [id for id in wanted if id not in {one.id for one in found}]
    if missing:
        what = tr("no trial of that id in the file", "文件中没有该编号的试验")
        raise UsageError(what, where="--trial", value=", ".join(missing), next="bedside trials import --help")
    if not found:
        raise DataError(tr("no trial in this file", "文件中没有试验"), where=path.name, next="bedside trials import")
    return found


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        raise UsageError(tr("not a day", "不是日期"), where="--on", value=said, allowed="2026-01-31") from None
