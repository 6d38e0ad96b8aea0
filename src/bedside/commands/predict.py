"""Predict labels for texts with a fitted model | 用已训练的模型预测文本标签"""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, progress, say
from bedside.errors import UsageError
from bedside.lang import disclaimer, tr

if TYPE_CHECKING:
    from bedside.formats._base import Problem
    from bedside.model.folder import Model
    from bedside.model.rows import Unlabelled
    from bedside.types import Answer, Decision

CHUNK = 512
"""Rows in memory at a time: enough for texts of like length to meet."""

SHOWN = 5


def run(
    model: Annotated[Path, typer.Argument(help=tr("Model folder", "模型目录"))],
    data: Annotated[Path | None, typer.Argument(help=tr("Table of texts", "文本表格"))] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help=tr("JSONL to write", "输出 JSONL"))] = None,
    text_value: Annotated[
        str | None, typer.Option("--text-value", help=tr("One text instead of a table", "单条文本"))
    ] = None,
    text: Annotated[
        str | None, typer.Option(help=tr("Text column (default: the model's)", "文本列（默认同模型）"))
    ] = None,
    id: Annotated[str | None, typer.Option(help=tr("Id column (default: id)", "编号列（默认 id）"))] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help=tr("Go on after the rows written", "从已写出的行继续"))
    ] = False,
    force: Annotated[bool, typer.Option("--force", help=tr("Write over OUT", "覆盖输出文件"))] = False,
    json: JsonFlag = False,
) -> None:
    """Predict: `id`, `label`, `probabilities` a line, in the order of the table, in bounded memory.

    A tagging model writes `entities` instead, or `tags` for rows that came as tokens.

    Identity is removed from each text first. A row without an answer gets `id` and `error`, and the exit code is 3.

    `bedside predict MODEL notes.csv -o out.jsonl`
    """
    from bedside.model.folder import open_model

    if (data is None) == (text_value is None):
        raise UsageError(tr("give a table or --text-value", "请给出表格或 --text-value"), next="bedside predict --help")
    if text_value is not None:
        _one(open_model(model), text_value, as_json=json)
        return
    assert data is not None
    if out is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    skip = _already(out, resume=resume, force=force)
    done, failed = _table(open_model(model), data, out, columns={"text": text, "id": id}, skip=skip)
    if json:
        emit_json({"out": out, "rows": done, "failed": failed, "skipped": skip})
    else:
        say(
            tr(
                f"{done} rows written to {out}, {failed} of them without an answer",
                f"已写出 {done} 行到 {out}，其中 {failed} 行无结果",
            )
        )
        say(disclaimer())
    if failed:
        raise typer.Exit(PARTLY)


def _one(model: Model, text: str, *, as_json: bool) -> None:
    from bedside.advise import advise
    from bedside.model.rows import Unlabelled

    answer = _answer(Unlabelled("1", text), advise(model, [text])[0])
    if as_json:
        emit_json(answer)
    elif "error" in answer:
        say(f"{tr('no answer', '无结果')}: {answer['error']}")
    else:
        for line in _spoken(answer):
            say(line)
        say(disclaimer())
    if "error" in answer:
        raise typer.Exit(PARTLY)


def _spoken(answer: dict[str, Any]) -> list[str]:
    """An answer in lines for people: the label and the likeliest ones, or each entity."""
    if "entities" in answer:
        found = [f"  {one['probability']:.3f}  {one['type']}: {one['text']}" for one in answer["entities"]]
        return found or [tr("no entities", "无实体")]
    given = answer["label"] if isinstance(answer["label"], str) else ", ".join(answer["label"])
    ranked = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])[:SHOWN]
    return [given or tr("none of the labels", "无任何标签"), *(f"  {chance:.3f}  {label}" for label, chance in ranked)]


def _already(out: Path, *, resume: bool, force: bool) -> int:
    """How many rows are written; a last line cut short by a kill is taken off first."""
    if not out.exists():
        return 0
    if not resume:
        if not force:
            raise UsageError(tr("the file is there already", "文件已存在"), value=str(out), next="--resume | --force")
        out.unlink()
        return 0
    with out.open("rb+") as file:
        rows = whole = 0
        for line in file:
            if line.endswith(b"\n"):
                rows, whole = rows + 1, whole + len(line)
        file.truncate(whole)
    return rows


def _table(model: Model, data: Path, out: Path, *, columns: dict[str, str | None], skip: int) -> tuple[int, int]:
    from bedside.config import DataRecipe
    from bedside.model.rows import read_texts

    named = {"text": model.recipe["data"]["text"], **{key: name for key, name in columns.items() if name}}
    rows = islice(read_texts(data, DataRecipe.model_validate({"train": data, **named}), head=model.head), skip, None)
    done = failed = 0
    with ExitStack() as stack:
        file = stack.enter_context(out.open("a", encoding="utf-8"))
        advance = stack.enter_context(progress(tr("predicting", "预测")))
        while chunk := list(islice(rows, CHUNK)):
            for answer in _answers(model, chunk):
                file.write(jsonlib.dumps(answer, ensure_ascii=False) + "\n")
                failed += "error" in answer
            file.flush()
            done += len(chunk)
            advance(len(chunk))
    return done, failed


def _answers(model: Model, chunk: list[Unlabelled | tuple[str, Problem]]) -> Iterator[dict[str, Any]]:
    from bedside.advise import advise
    from bedside.model.rows import Unlabelled

    asked = [row for row in chunk if isinstance(row, Unlabelled)]
    decisions = iter(advise(model, [row.text for row in asked], tokens=[row.tokens for row in asked]))
    for row in chunk:
        yield _answer(row, next(decisions)) if isinstance(row, Unlabelled) else {"id": row[0], "error": row[1].what}


def _answer(row: Unlabelled, decision: Decision) -> dict[str, Any]:
    """A decision as its line: an answer, or why there is none."""
    from bedside.types import Abstained, Advice, Failed

    if isinstance(decision, Advice):
        return {"id": row.id, **_said(row, decision.prediction)}
    if isinstance(decision, Abstained):
        return {"id": row.id, "error": decision.reason}
    if isinstance(decision, Failed):
        return {"id": row.id, "error": tr("failed; see the log under", "失败；见日志编号") + f" {decision.error_id}"}
    return {"id": row.id, "error": tr("nothing to say", "无可告知")}


def _said(row: Unlabelled, answer: Answer) -> dict[str, Any]:
    """Label and probabilities; or entities; or, of a row that came as tokens, a tag for each."""
    from bedside.model.entities import as_json, tags_of
    from bedside.types import Tagging

    if not isinstance(answer, Tagging):
        given = answer.label if isinstance(answer.label, str) else list(answer.label)
        return {"label": given, "probabilities": dict(answer.probabilities)}
    if row.tokens:
        return {"tags": tags_of(answer.entities, row.tokens)}
    return {"entities": as_json(answer.entities, row.text)}


COMMAND = run
