"""`bedside trials criteria`: free-text eligibility to categories and computable conditions, a line a criterion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import BackboneFolder, Jobs, JsonFlag
from bedside.commands._lines import Answer, Line, tell, write_lines
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.model.folder import Model
    from bedside.trials.criteria import CriteriaReader
    from bedside.trials.criterion import Condition, Criterion
    from bedside.trials.rows import Given

BATCH = 512
"""Criteria at a time: as many as `bedside predict` reads, so that the same meet in a batch."""


def criteria(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help=tr(
                "Criteria, eligibility texts or trials: JSONL, CSV, ClinicalTrials.gov JSON, ChiCTR page or text",
                "入排标准、入排文本或试验：JSONL、CSV、ClinicalTrials.gov JSON、ChiCTR 网页或文本",
            ),
        ),
    ],
    out: Annotated[
        Path, typer.Option("-o", "--out", help=tr("JSONL to write; - is standard output", "输出 JSONL；- 为标准输出"))
    ],
    model: Annotated[
        Path | None,
        typer.Option(help=tr("Model of categories (`bedside fit`, classify)", "类别模型（bedside fit，classify）")),
    ] = None,
    text: Annotated[str | None, typer.Option(help=tr("Column of the text", "文本列"))] = None,
    side: Annotated[
        str,
        typer.Option(help=tr("Side of rows that say none: include or exclude", "未注明者的类别：include 或 exclude")),
    ] = "include",
    whole: Annotated[
        bool, typer.Option("--whole", help=tr("Each row is one criterion: do not split", "每行即一条标准，不拆分"))
    ] = False,
    codes: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=tr("Your list of diagnosis codes: columns code and name", "本院诊断编码表：含 code 与 name 列"),
        ),
    ] = None,
    hpo: Annotated[Path | None, typer.Option(help=tr("Folder with another HPO release", "其他 HPO 版本的目录"))] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    jobs: Jobs = 1,
    backbone_folder: BackboneFolder = None,
    json: JsonFlag = False,
) -> None:
    """Each criterion: `id`, `side`, `category`, `conditions`, `unparsed` a line.

    Conditions of one `group` are alternatives; all groups are to hold. Each has its place (`start`, `end`: code points)
    and what else of the text says something of it (`also`). `unparsed` is what no condition stands for.

    A row that holds a whole eligibility text, or a trial, gives a line for each of its criteria: `ID#1`, `ID#2`, ...

    `category` is the model's, as `bedside predict` gives it; without a model it is null.

    `bedside trials criteria criteria.jsonl -o out.jsonl --model ctc`

    `bedside trials criteria NCT01234567.json -o out.jsonl`
    """
    from bedside.commands._answers import check_place
    from bedside.trials.rows import Reading, given_of

    if side not in ("include", "exclude"):
        raise UsageError(tr("no such side", "没有该类别"), value=side, allowed=["include", "exclude"])
    for path in filter(None, (data, codes)):
        if not path.is_file():
            raise UsageError(tr("no such file", "没有该文件"), value=path)
    check_place(out, data, resume=resume, force=force)
    work = _Work(hpo=hpo, codes=codes, model=model, backbone=backbone_folder)
    answer = work.opened()
    counting = {
        "with_conditions": lambda line: bool(line.get("conditions")),
        "fully_parsed": lambda line: bool(line.get("conditions")) and not line["unparsed"],
        "uncategorised": lambda line: "category" in line and line["category"] is None,
    }
    did = write_lines(
        out,
        given_of(data, Reading(text, side, whole)),  # type: ignore[arg-type]
        answer,
        title=tr("reading criteria", "解读入排标准"),
        batch=BATCH,
        resume=resume,
        counting=counting,
        opens=None if model else work.opened,
        jobs=jobs,
    )
    _tell({"out": out, **did, "model": model}, as_json=json)


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    rows, failed, out = report["rows"], report["failed"], report["out"]
    some, whole = report["with_conditions"], report["fully_parsed"]
    en = f"{counted(rows, 'criterion').replace('criterions', 'criteria')} written to {out}, {failed} without an answer"
    written = tr(en, f"已写出 {rows} 条标准到 {out}，{failed} 条无结果")
    known = tr(
        f"{some} have a computable condition, {whole} are computable as a whole",
        f"{some} 条含可计算条件，{whole} 条可完整计算",
    )
    none = tr(
        "no category: it needs a model (bedside fit, head classify, on criteria with categories; --model MODEL)",
        "未给出类别：需用带类别的标准训练模型（bedside fit，classify；--model MODEL）",
    )
    tell(report, written, known, "" if report["model"] else none, disclaimer(), as_json=as_json)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """How criteria are read, as another process can be sent it."""

    hpo: Path | None
    codes: Path | None
    model: Path | None
    backbone: Path | None

    def opened(self) -> Answer[Given]:
        """What reads a batch of criteria."""
        from bedside.trials.criteria import reader as reader_of

        reader = reader_of(self.hpo, self.codes)
        model = _classifier(self.model, self.backbone) if self.model else None
        return lambda rows: _answers(reader, model, rows)


def _classifier(folder: Path, backbone: Path | None) -> Model:
    from bedside.model.folder import open_model

    model = open_model(folder, backbone=backbone)
    if model.head != "classify":
        what = tr("the model gives no category", "该模型不给出类别")
        raise UsageError(what, where="--model", value=model.head, allowed=["classify"], next="bedside fit --help")
    return model


def _answers(reader: CriteriaReader, model: Model | None, rows: Iterable[Given]) -> Iterator[Line]:
    rows = list(rows)
    asked = [row for row in rows if not row.problem]
    said = iter(_categories(model, [row.text for row in asked]) if model else [{"category": None}] * len(asked))
    for row in rows:
        if row.problem:
            yield {"id": row.id, "error": row.problem}
            continue
        yield told(reader.read(row.text, row.side, id=row.id, trial=row.trial), row.start, next(said))


def _categories(model: Model, texts: list[str]) -> Iterator[Line]:
    """The category of each text, by the road of `bedside predict`; null with the reason where there is none."""
    from bedside.advise import advise
    from bedside.types import Abstained, Advice, Prediction

    for decision in advise(model, texts):
        if isinstance(decision, Advice) and isinstance(decision.prediction, Prediction):
            label = decision.prediction.label
            yield {"category": label, "probability": dict(decision.prediction.probabilities).get(str(label))}
        elif isinstance(decision, Abstained):
            yield {"category": None, "why": decision.reason}
        else:
            yield {"category": None, "why": tr("the model failed on this text", "模型处理此文本失败")}


def told(criterion: Criterion, offset: int, category: Line) -> Line:
    """A criterion as its line; `offset` is where it began in the row that it was cut from."""
    text = criterion.text
    line: Line = {"id": criterion.id}
    if criterion.trial:
        line |= {"trial": criterion.trial, "start": offset, "end": offset + len(text)}
    return {
        **line,
        "side": criterion.side,
        "text": text,
        **category,
        "conditions": [
            {"group": number, **_condition(one)} for number, group in enumerate(criterion.groups) for one in group
        ],
        "unparsed": [{"start": start, "end": end, "text": text[start:end]} for start, end in criterion.unparsed],
    }


def _condition(one: Condition) -> Line:
    """What is empty is left out."""
    values = {
        "kind": one.kind,
        "concept": one.concept,
        "op": one.op,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "times": one.times,
        "within_days": one.within_days,
        "qualifiers": list(one.qualifiers),
        "codes": list(one.codes),
        "start": one.start,
        "end": one.end,
        "also": [list(span) for span in one.also],
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}
