"""What `evaluate` and `crossval` share: labelled rows with extra columns, probabilities, errors, and the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress, say, table
from bedside.errors import ColumnError
from bedside.lang import counted, disclaimer, tr
from bedside.types import Undefined

if TYPE_CHECKING:
    from bedside.config import DataRecipe
    from bedside.evaluate.answers import Answers
    from bedside.evaluate.baselines.rivals import Rows
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.result import Misread, Report
    from bedside.formats._base import Problem
    from bedside.model.doubt import Doubted
    from bedside.model.folder import Model
    from bedside.model.rows import Labelled
    from bedside.types import Answer

CHUNK = 512
"""Rows a run: enough for texts of like length to meet, little enough for the bar to move."""

ERRORS_SHOWN = 10


@dataclass(frozen=True)
class Table:
    """Labelled rows of one file without identity, their patients if a column names them, and the columns asked for."""

    rows: Labelled
    patients: list[str] | None
    columns: dict[str, list[Any]]

    @property
    def texts(self) -> list[str]:
        """Without identity."""
        return self.rows.texts

    @property
    def targets(self) -> list[Any]:
        """What each row is to be answered with, as its head has it."""
        return list(self.rows.labels)

    def take(self, keep: list[int]) -> Table:
        """The rows at these positions."""
        return Table(
            self.rows.take(keep),
            None if self.patients is None else [self.patients[row] for row in keep],
            {name: [values[row] for row in keep] for name, values in self.columns.items()},
        )


def read_table(path: Path, data: DataRecipe, *, head: str, columns: Sequence[str] = ()) -> Table:
    """Read rows and extra columns; identity is removed as the recipe says. Raises ColumnError for a missing column."""
    from bedside.model.forms import form_of
    from bedside.model.reading import read_labelled

    rows = read_labelled(path, data, head=head)
    with progress(tr("removing identity", "去除身份信息"), total=len(rows)) as advance:
        rows = form_of(rows.head).scrub(rows, data.identity, advance)
    return Table(rows, rows.patients if data.patient else None, _columns(path, rows.places, columns))


def _columns(path: Path, places: Sequence[str], names: Sequence[str]) -> dict[str, list[Any]]:
    """The values of some columns at some places of a table."""
    from bedside.formats._tables import read_rows

    if not names:
        return {}
    found: dict[str, dict[str, Any]] = {}
    wanted = set(places)
    for place, row in read_rows(path, on_problem=lambda _: None):
        if place in wanted:
            if missing := [name for name in names if name not in row]:
                what = tr("no such column", "没有这一列")
                raise ColumnError(what, where=path.name, value=", ".join(missing), allowed=list(row))
            found[place] = row
    return {name: [found[place][name] for place in places] for name in names}


def rows_of(table_: Table, columns: Sequence[str]) -> Rows:
    """The rows as a baseline takes them, with the columns it may use."""
    from bedside.evaluate.baselines.rivals import Rows

    extra = {name: table_.columns[name] for name in columns}
    return Rows(table_.texts, table_.targets, table_.patients, table_.rows.given, extra)


def readable(model: Model, table_: Table) -> Table:
    """The rows whose text the model can read; the others are refused, as `bedside predict` refuses them."""
    from bedside.errors import DataError
    from bedside.formats._base import Problem
    from bedside.model.inputs import cannot_read

    rows = table_.rows
    unread: list[int] = []
    for start in range(0, len(rows), CHUNK):
        part = slice(start, start + CHUNK)
        unread += [start + row for row in model.encode(rows.texts[part], rows.given[part]).unread]
    if not unread:
        return table_
    if len(unread) == len(rows):
        raise DataError(cannot_read(), where=rows.places[0])
    rows.refused.extend(Problem(rows.places[row], cannot_read()) for row in unread)
    return table_.take(sorted(set(range(len(rows))) - set(unread)))


def answers_of(model: Model, rows: Labelled) -> tuple[Answers, list[Doubted]]:
    """The model's answer to each row and what is doubted of it, with a bar."""
    from bedside.evaluate.answers import gathered
    from bedside.model.judged import care_of, judged

    doubted: list[Doubted] = []

    def asked() -> Iterator[Answer]:
        with progress(tr("predicting", "预测"), total=len(rows)) as advance:
            for start in range(0, len(rows), CHUNK):
                part = slice(start, start + CHUNK)
                said, doubts = judged(model, model.encode(rows.texts[part], rows.given[part]), care_of(model))
                doubted.extend(doubts)
                yield from said
                advance(min(CHUNK, len(rows) - start))

    return gathered(model.head, model.labels, asked()), doubted


def misreadings(table_: Table, answers: Answers, *, with_texts: bool) -> list[Misread]:
    """The answers that are wrong with the highest confidence; texts only as scrubbed, or not at all."""
    from bedside.evaluate.result import Misread

    texts = table_.texts if with_texts else None
    wrong = sorted(answers.misread(table_.targets, texts), key=lambda one: -one[3])[:ERRORS_SHOWN]
    return [
        Misread(table_.rows.places[row], truth, answer, sure, texts[row] if texts else "")
        for row, truth, answer, sure in wrong
    ]


def comparisons(done: Evaluation, rivals: dict[str, Evaluation | Undefined]) -> dict[str, Any]:
    """The paired test against each baseline that could be measured."""
    from bedside.evaluate.compare import compare

    return {name: compare(done, rival) for name, rival in rivals.items() if not isinstance(rival, Undefined)}


def refused_notes(refused: Sequence[Problem]) -> list[str]:
    """What to know of figures of a table some of whose rows could not be used."""
    if not refused:
        return []
    number, first = len(refused), refused[0]
    return [
        tr(
            f"{counted(number, 'row')} could not be used; the first: {first.place}: {first.what}",
            f"{number} 行无法使用；第一处：{first.place}：{first.what}",
        )
    ]


def as_json(report: Report, refused: Sequence[Any]) -> dict[str, Any]:
    """The one JSON object of both commands."""
    from bedside.evaluate.result import cautions

    done = report.evaluation
    rivals = {
        name: {metric: asdict(rival) for metric in done.metrics}
        if isinstance(rival, Undefined)
        else {metric: asdict(figure) for metric, figure in rival.metrics.items()}
        for name, rival in report.baselines.items()
    }
    found = {**done.to_dict(), "baselines": rivals, "comparison": report.comparison}
    found |= {"refused": [asdict(problem) for problem in refused], "notes": [*cautions(report), *report.notes]}
    if report.doubt:
        found["doubt"] = report.doubt.to_dict()
    if report.folds:
        found["folds"] = [dict(fold) for fold in report.folds]
    return found


def show(report: Report) -> None:
    """The result on the terminal: what it comes to, the figures beside their baselines, and the warnings."""
    from bedside.evaluate._words import metric_name, model_name, shown
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.result import RIVALS, cautions, headline, sentences

    done = report.evaluation
    beside = {name: rival for name in RIVALS if isinstance(rival := report.baselines.get(name), Evaluation)}
    rows = [
        [metric_name(metric) if name == "model" else "", model_name(name), shown(one.metrics[metric])]
        for metric in headline(done)
        for name, one in {"model": done, **beside}.items()
    ]
    rows_en, patients_en = counted(done.n, "row"), counted(done.n_patients, "patient")
    size = tr(f"{rows_en}, {patients_en}", f"{done.n} 行，{done.n_patients} 名患者")
    table(size, [tr("figure", "指标"), "", tr("value [95 % interval]", "数值 [95% 区间]")], rows)
    if report.doubt:
        sure = f"{report.doubt.promised:.0%}"
        title = tr(f"doubt, sets promised at {sure}", f"存疑判断，集合承诺覆盖率 {sure}")
        figures = report.doubt.metrics.items()
        table(
            title,
            [tr("figure", "指标"), tr("value [95 % interval]", "数值 [95% 区间]")],
            [[metric_name(name), shown(one)] for name, one in figures],
        )
    for line in [*sentences(report)[1:], *cautions(report), *report.notes]:
        say(line)
    say(disclaimer())
