"""Texts, a table or standard input through a fitted model: what it decides of each, a line an answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from bedside.commands._io import PARTLY, emit_json, say
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._predict.doubt import Asked
    from bedside.commands._predict.stdin import Arriving
    from bedside.commands._review.send import ToPeople
    from bedside.config import DataRecipe
    from bedside.formats._tables import Damage
    from bedside.model.folder import Model
    from bedside.model.rows import Unlabelled
    from bedside.types import Decision

CHUNK = 512
"""Rows in memory at a time: enough for texts of like length to meet."""


class Reads(NamedTuple):
    """A model folder and what it is to read: columns by name, and the models that it leans on."""

    folder: Path
    columns: dict[str, Any]
    reranker: Path | None
    entities_from: Path | None
    backbone: Path | None

    def opened(self, *, alone: bool = False) -> tuple[Model, DataRecipe]:
        """The model bound to what it reads, and the columns of the table, its own but for those named."""
        from bedside.commands._predict.bound import bound
        from bedside.config import DataRecipe
        from bedside.model.folder import open_model

        model = open_model(self.folder, backbone=self.backbone)
        own = {key: model.recipe["data"].get(key) for key in ("text", "text_b", "entities", "corpus")}
        named = {**own, **{key: name for key, name in self.columns.items() if name}}
        recipe = DataRecipe.model_validate({"train": self.folder, **named})
        return bound(model, self.folder, recipe, self.reranker, self.entities_from, alone=alone), recipe


def one_text(reads: Reads, text: str, second: str, asked: Callable[[Model], Asked], *, as_json: bool) -> None:
    """One text of the command line, told to a reader; UsageError where the model cannot read it alone."""
    from bedside.model.given import Given
    from bedside.model.rows import Unlabelled

    if not text.strip():
        raise UsageError(tr("the text is empty", "文本为空"), where="--text-value")
    model, _ = reads.opened(alone=True)
    if model.form.marked and not model.bound:
        raise UsageError(tr("a text alone has no entities", "单条文本没有实体"), next="--entities-from MODEL")
    if model.form.two and not second.strip():
        raise UsageError(tr("the model reads two texts", "该模型需要两段文本"), next="--text-b-value TEXT")
    _tell_one(asked(model), Unlabelled("1", text, Given(second=second)), as_json=as_json)


def whole_table(
    reads: Reads,
    data: Path,
    out: Path,
    asked: Callable[[Model], Asked],
    to_people: ToPeople | None,
    *,
    resume: bool,
    as_json: bool,
) -> None:
    """Every row of a table, or those that arrive at standard input, into OUT; `resume` goes on after rows written."""
    from bedside.commands._lines import write_lines
    from bedside.commands._predict.stdin import STDIN, Arriving
    from bedside.formats._tables import Damage

    model, recipe = reads.opened()
    if model.form.marked and not model.bound:
        recipe = recipe.model_copy(update={"entities": recipe.entities or "entities"})
    damaged = Damage(tr("standard input", "标准输入") if data == STDIN else data.name)
    arriving = Arriving(sys.stdin.fileno()) if data == STDIN else None
    did = write_lines(
        out,
        _rows(model, data, recipe, damaged, arriving),
        partial(_answers, asked(model), name=reads.folder.name, to_people=to_people),
        title=tr("predicting", "预测"),
        batch=CHUNK,
        resume=resume,
        counting={"cut": _was_cut, "doubted": _is_doubted},
        more=arriving.more if arriving else None,
    )
    _tell({"out": out, **did, "damaged": damaged.count}, as_json=as_json)


def _tell(did: dict[str, Any], *, as_json: bool) -> None:
    """What was written, and what could not be answered or read."""
    from bedside.commands._lines import tell

    out, done, failed, damaged, cut = (did[name] for name in ("out", "rows", "failed", "damaged", "cut"))
    en = f"{counted(done, 'row')} written to {out}, {failed} of them without an answer"
    doubtful = tr(f"unreadable or doubtful in the table: {damaged}", f"表格中无法读取或存疑之处：{damaged}")
    en_cut = f"{counted(cut, 'text')} too long for the model: the middle was not read"
    lost = tr(en_cut, f"{cut} 条文本过长：中间部分未被读取")
    written = tr(en, f"已写出 {done} 行到 {out}，其中 {failed} 行无结果")
    unsure = did["doubted"]
    ask = tr(f"{counted(unsure, 'answer')} in doubt: a person is to be asked", f"{unsure} 条结果存疑，须由人工判断")
    notes = (lost if cut else "", doubtful if damaged else "", ask if unsure else "")
    tell(did, written, *notes, disclaimer(), as_json=as_json)


def _tell_one(asked: Asked, row: Unlabelled, *, as_json: bool) -> None:
    (answer,) = _answers(asked, [row])
    if as_json:
        emit_json(answer)
    elif "error" in answer:
        say(f"{tr('no answer', '无结果')}: {answer['error']}")
    else:
        for line in asked.model.form.spoken(answer):
            say(line)
        if "abstained" in answer:
            say(tr(f"In doubt, ask a person: {answer['abstained']}", f"存疑，请由人工判断：{answer['abstained']}"))
        say(disclaimer())
    if "error" in answer:
        raise typer.Exit(PARTLY)


def _rows(
    model: Model, data: Path, recipe: DataRecipe, damaged: Damage, arriving: Arriving | None
) -> Iterator[Unlabelled]:
    """The rows of the table, or those that arrive; a text a line is all that its row holds."""
    from bedside.commands._predict.stdin import stdin_rows
    from bedside.model.reading import read_texts

    if arriving is None:
        return read_texts(data, recipe, head=model.head, on_problem=damaged)
    is_json, rows = stdin_rows(arriving, "text", damaged)
    named = recipe if is_json else recipe.model_copy(update={"text": "text", "id": None})
    return read_texts(data, named, head=model.head, rows=rows)


def _was_cut(line: Mapping[str, Any]) -> bool:
    from bedside.model.inputs import was_cut

    return was_cut() in line.get("limits", ())


def _is_doubted(line: Mapping[str, Any]) -> bool:
    return "abstained" in line


def _answers(
    asked: Asked, chunk: list[Unlabelled], *, name: str = "", to_people: ToPeople | None = None
) -> Iterator[dict[str, Any]]:
    from bedside.advise import advise

    rows = [row for row in chunk if not row.problem]
    texts, given = [row.text for row in rows], [row.given for row in rows]
    decided = advise(asked.model, texts, given=given, care=asked.care, beside=asked.beside)
    if to_people is not None:
        from bedside.review import item_of_decision

        to_people.send(
            item_of_decision(asked.model, row.text, row.given, decision, patient=row.id, name=name)
            for row, decision in zip(rows, decided, strict=True)
        )
    decisions = iter(decided)
    for row in chunk:
        yield {"id": row.id, "error": row.problem.what} if row.problem else _answer(asked.model, row, next(decisions))


def _answer(model: Model, row: Unlabelled, decision: Decision) -> dict[str, Any]:
    """A decision as its line: an answer, or why there is none."""
    from bedside.model.doubt import told
    from bedside.types import Abstained, Advice, Failed

    if isinstance(decision, Advice):
        answer = model.form.told(row.text, row.given, decision.prediction)
        limits = {"limits": list(decision.limits)} if decision.limits else {}
        return {"id": row.id, **answer, **told(decision.possible, decision.doubts), **limits}
    if isinstance(decision, Abstained):
        doubt = {"abstained": decision.reason} if decision.doubted else {}
        return {"id": row.id, "error": decision.reason, **doubt}
    if isinstance(decision, Failed):
        return {"id": row.id, "error": tr("failed; see the log under", "失败；见日志编号") + f" {decision.error_id}"}
    return {"id": row.id, "error": tr("nothing to say", "无可告知")}
