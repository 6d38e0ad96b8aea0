"""What `evaluate` and `crossval` share: labelled rows with extra columns, probabilities, errors, and the output."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import progress, say, table
from bedside.errors import ColumnError
from bedside.lang import disclaimer, tr
from bedside.types import Undefined

if TYPE_CHECKING:
    from bedside.config import DataRecipe
    from bedside.evaluate.answers import Answers
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.report import Misread, Report
    from bedside.evaluate.rivals import Rows
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
    from bedside.evaluate.rivals import Rows

    extra = {name: table_.columns[name] for name in columns}
    return Rows(table_.texts, table_.targets, table_.patients, table_.rows.given, extra)


def answers_of(model: Model, rows: Labelled, tagger: Model | None = None) -> Answers:
    """The model's answer to each row, with a bar; with a tagger it reads the entities that are found, not marked."""
    from bedside.evaluate.answers import gathered
    from bedside.model.given import NOTHING
    from bedside.model.supply import supplied

    def asked() -> Iterator[Answer]:
        with progress(tr("predicting", "预测"), total=len(rows)) as advance:
            for start in range(0, len(rows), CHUNK):
                part = slice(start, start + CHUNK)
                texts, given = rows.texts[part], rows.given[part]
                if tagger:
                    given = supplied(tagger, texts, [NOTHING] * len(texts))
                yield from model.predict(texts, given)
                advance(min(CHUNK, len(rows) - start))

    return gathered(model.head, model.labels, asked())


def unread_notes(model: Model, rows: Labelled) -> list[str]:
    """That some rows would get no answer if they were asked, since the model cannot read their letters."""
    parts = [rows.take(list(range(len(rows)))[at : at + CHUNK]) for at in range(0, len(rows), CHUNK)]
    lost = sum(len(model.encode(part.texts, part.given).unread) for part in parts)
    if not lost:
        return []
    return [
        tr(
            f"Rows mostly in letters that the model cannot read: {lost}. Asked, it answers none of them; the figures "
            "here count what it would have said.",
            f"文本大部分为模型无法识别的文字：{lost} 行。实际使用时不作答；此处指标按其本会给出的答案计算。",
        )
    ]


def misreadings(table_: Table, answers: Answers, *, with_texts: bool) -> list[Misread]:
    """The answers that are wrong with the highest confidence; texts only as scrubbed, or not at all."""
    from bedside.evaluate.report import Misread

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


def as_json(report: Report, refused: Sequence[Any]) -> dict[str, Any]:
    """The one JSON object of both commands."""
    from bedside.evaluate.report import cautions

    done = report.evaluation
    rivals = {
        name: {metric: asdict(rival) for metric in done.metrics}
        if isinstance(rival, Undefined)
        else {metric: asdict(figure) for metric, figure in rival.metrics.items()}
        for name, rival in report.baselines.items()
    }
    found = {**done.to_dict(), "baselines": rivals, "comparison": report.comparison}
    found |= {"refused": [asdict(problem) for problem in refused], "notes": [*cautions(report), *report.notes]}
    if report.folds:
        found["folds"] = [dict(fold) for fold in report.folds]
    return found


def show(report: Report) -> None:
    """The result on the terminal: what it comes to, the figures beside their baselines, and the warnings."""
    from bedside.evaluate._words import metric_name, model_name, shown
    from bedside.evaluate.metrics import Evaluation
    from bedside.evaluate.report import RIVALS, cautions, headline, sentences

    done = report.evaluation
    beside = {name: rival for name in RIVALS if isinstance(rival := report.baselines.get(name), Evaluation)}
    rows = [
        [metric_name(metric) if name == "model" else "", model_name(name), shown(one.metrics[metric])]
        for metric in headline(done)
        for name, one in {"model": done, **beside}.items()
    ]
    size = tr(f"{done.n} rows, {done.n_patients} patients", f"{done.n} 行，{done.n_patients} 名患者")
    table(size, [tr("figure", "指标"), "", tr("value [95 % interval]", "数值 [95% 区间]")], rows)
    for line in [*sentences(report)[1:], *cautions(report), *report.notes]:
        say(line)
    say(disclaimer())
