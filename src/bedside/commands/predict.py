"""Predict labels for texts with a fitted model | 用已训练的模型预测文本标签"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._doubt import Beside, Coverage, HoldBack, NoDoubt, Said
from bedside.commands._io import (
    PARTLY,
    BackboneFolder,
    Entities,
    EntitiesFrom,
    JsonFlag,
    Reranker,
    SetData,
    TextB,
    emit_json,
    say,
)
from bedside.commands._licensed import Licensed, LicensedNames, keep_to_licence
from bedside.commands._review_send import ReviewDouble, ReviewQueue, ReviewRate, ToPeople
from bedside.errors import UsageError
from bedside.lang import counted, disclaimer, tr

if TYPE_CHECKING:
    from bedside.commands._doubt import Asked
    from bedside.commands._stdin import Arriving
    from bedside.config import DataRecipe
    from bedside.formats._tables import Damage
    from bedside.model.folder import Model
    from bedside.model.rows import Unlabelled
    from bedside.types import Decision

CHUNK = 512
"""Rows in memory at a time: enough for texts of like length to meet."""


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    data: Annotated[
        Path | None, typer.Argument(help=tr("Table of texts; - is standard input", "文本表格；- 为标准输入"))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("-o", "--out", help=tr("JSONL to write; - is standard output", "输出 JSONL；- 为标准输出")),
    ] = None,
    text_value: Annotated[
        str | None, typer.Option("--text-value", help=tr("One text instead of a table", "单条文本"))
    ] = None,
    text_b_value: Annotated[
        str | None, typer.Option("--text-b-value", help=tr("Its second text", "与之配对的第二段文本"))
    ] = None,
    text: Annotated[
        str | None, typer.Option(help=tr("Text column (default: the model's)", "文本列（默认同模型）"))
    ] = None,
    text_b: TextB = None,
    entities: Entities = None,
    entities_from: EntitiesFrom = None,
    id: Annotated[str | None, typer.Option(help=tr("Id column (default: id)", "编号列（默认 id）"))] = None,
    set_: SetData = None,
    reranker: Reranker = None,
    coverage: Coverage = None,
    hold_back: HoldBack = False,
    no_doubt: NoDoubt = False,
    beside: Beside = None,
    licensed: Licensed = False,
    licensed_names: LicensedNames = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    backbone_folder: BackboneFolder = None,
    review: ReviewQueue = None,
    review_rate: ReviewRate = 0.0,
    review_double: ReviewDouble = 0.0,
    json: JsonFlag = False,
) -> None:
    """Predict: `id`, `label`, `probabilities` a line, in the order of the table, in bounded memory.

    A tagging model writes `entities` instead, or `tags` for rows that came as tokens; a score `value`, `low`, `high`; a
    model of times to an event `risk`, `survival` at its horizons and `median`; one that reads answers `answer`,
    `start`, `end`, `probability`; one that relates entities `relations`; a ranking one `documents`; one that writes
    `text` and `draft`.

    `set` holds the labels of which one is right as often as --coverage says. Where it holds several, where a text is
    unlike those learnt from, or where a model of --beside answers otherwise, `abstained` says so, and that a person is
    to be asked: docs/doubt.md.

    Identity is removed from each text first. A row without an answer gets `id` and `error`; with one, or with a line of
    the table that cannot be read, the exit code is 3.

    Answers gather in OUT.part, which becomes OUT at the end; after a kill, --resume goes on with it.

    With `--review QUEUE` texts without an answer go to people, and a share of the answers drawn by chance.

    Standard input is JSON Lines or a text a line, as its first line tells; rows are answered as they come.

    `bedside predict MODEL notes.csv -o out.jsonl`

    `tail -f notes.jsonl | bedside predict MODEL - -o -`
    """
    from bedside.commands._answers import check_place
    from bedside.commands._lines import write_lines
    from bedside.commands._searching import data_settings
    from bedside.commands._stdin import STDIN, Arriving
    from bedside.formats._tables import Damage
    from bedside.model.given import Given
    from bedside.model.rows import Unlabelled

    if (data is None) == (text_value is None):
        raise UsageError(tr("give a table or --text-value", "请给出表格或 --text-value"), next="bedside predict --help")
    kept = partial(keep_to_licence, on=licensed, tables=licensed_names or ())
    said = Said(coverage, hold_back, no_doubt, beside or ())
    columns = {"text": text, "text_b": text_b, "entities": entities, "id": id, **data_settings(set_ or [])}
    if text_value is not None:
        if not text_value.strip():
            raise UsageError(tr("the text is empty", "文本为空"), where="--text-value")
        opened, _ = _opened(model, columns, reranker, entities_from, backbone_folder, alone=True)
        if opened.form.marked and not opened.bound:
            raise UsageError(tr("a text alone has no entities", "单条文本没有实体"), next="--entities-from MODEL")
        if opened.form.two and not (text_b_value or "").strip():
            raise UsageError(tr("the model reads two texts", "该模型需要两段文本"), next="--text-b-value TEXT")
        row = Unlabelled("1", text_value, Given(second=text_b_value or ""))
        _one(said.asked(kept(opened)), row, as_json=json)
        return
    assert data is not None
    if out is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    check_place(out, data, resume=resume, force=force)
    opened, recipe = _opened(model, columns, reranker, entities_from, backbone_folder)
    if opened.form.marked and not opened.bound:
        recipe = recipe.model_copy(update={"entities": recipe.entities or "entities"})
    title, counting = tr("predicting", "预测"), {"cut": _was_cut, "doubted": _is_doubted}
    damaged = Damage(tr("standard input", "标准输入") if data == STDIN else data.name)
    arriving = Arriving(sys.stdin.fileno()) if data == STDIN else None
    rows = _rows(opened, data, recipe, damaged, arriving)
    more = arriving.more if arriving else None
    to_people = ToPeople.of(review, review_rate, review_double)
    answer = partial(_answers, said.asked(kept(opened)), name=model.name, to_people=to_people)
    did = write_lines(out, rows, answer, title=title, batch=CHUNK, resume=resume, counting=counting, more=more)
    _tell({"out": out, **did, "damaged": damaged.count}, as_json=json)


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


def _one(asked: Asked, row: Unlabelled, *, as_json: bool) -> None:
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


def _opened(
    folder: Path,
    columns: dict[str, Any],
    reranker: Path | None,
    entities_from: Path | None,
    backbone: Path | None,
    *,
    alone: bool = False,
) -> tuple[Model, DataRecipe]:
    """The model bound to what it reads, and the columns of the table, its own but for those named."""
    from bedside.commands._bound import bound
    from bedside.config import DataRecipe
    from bedside.model.folder import open_model

    model = open_model(folder, backbone=backbone)
    own = {key: model.recipe["data"].get(key) for key in ("text", "text_b", "entities", "corpus")}
    named = {**own, **{key: name for key, name in columns.items() if name}}
    recipe = DataRecipe.model_validate({"train": folder, **named})
    return bound(model, folder, recipe, reranker, entities_from, alone=alone), recipe


def _rows(
    model: Model, data: Path, recipe: DataRecipe, damaged: Damage, arriving: Arriving | None
) -> Iterator[Unlabelled]:
    """The rows of the table, or those that arrive; a text a line is all that its row holds."""
    from bedside.commands._stdin import stdin_rows
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


COMMAND = run
