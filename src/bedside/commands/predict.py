"""Predict labels for texts with a fitted model | 用已训练的模型预测文本标签"""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterator
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
    from bedside.types import Decision

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
    """Predict labels: `id`, `label`, `probabilities` a line, in the order of the table, in bounded memory.

    Identity is removed from each text first. A row without an answer gets `id` and `error`, and the exit code is 3.
    Answers gather in OUT.part, which becomes OUT at the end; after a kill, --resume goes on with it.

    `bedside predict MODEL notes.csv -o out.jsonl`
    """
    from bedside.commands._answers import check_place, take_up
    from bedside.model.folder import open_model

    if (data is None) == (text_value is None):
        raise UsageError(tr("give a table or --text-value", "请给出表格或 --text-value"), next="bedside predict --help")
    if text_value is not None:
        if not text_value.strip():
            raise UsageError(tr("the text is empty", "文本为空"), where="--text-value")
        _one(open_model(model), text_value, as_json=json)
        return
    assert data is not None
    if out is None:
        raise UsageError(tr("say where to write", "请指定输出文件"), next="-o OUT.jsonl")
    check_place(out, data, resume=resume, force=force)
    opened = open_model(model)
    rows = _rows(opened, data, {"text": text, "id": id})
    skip = take_up(out, (name for name, _ in rows)) if resume else 0
    done, failed = _table(opened, rows, out, resume=resume)
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

    answer = _answer("1", advise(model, [text])[0])
    if as_json:
        emit_json(answer)
    elif "error" in answer:
        say(f"{tr('no answer', '无结果')}: {answer['error']}")
    else:
        given = answer["label"] if isinstance(answer["label"], str) else ", ".join(answer["label"])
        say(given or tr("none of the labels", "无任何标签"))
        ranked = sorted(answer["probabilities"].items(), key=lambda pair: -pair[1])
        for label, chance in ranked[:SHOWN]:
            say(f"  {chance:.3f}  {label}")
        say(disclaimer())
    if "error" in answer:
        raise typer.Exit(PARTLY)


def _rows(model: Model, data: Path, columns: dict[str, str | None]) -> Iterator[tuple[str, str | Problem]]:
    from bedside.config import DataRecipe
    from bedside.model.rows import read_texts

    named = {"text": model.recipe["data"]["text"], **{key: name for key, name in columns.items() if name}}
    return read_texts(data, DataRecipe.model_validate({"train": data, **named}))


def _table(model: Model, rows: Iterator[tuple[str, str | Problem]], out: Path, *, resume: bool) -> tuple[int, int]:
    from bedside.commands._answers import growing_file

    done = failed = 0
    chunk = list(islice(rows, CHUNK))  # a column that is not there is told before anything is written
    with growing_file(out, resume=resume) as file, progress(tr("predicting", "预测")) as advance:
        while chunk:
            for answer in _answers(model, chunk):
                file.write(jsonlib.dumps(answer, ensure_ascii=False) + "\n")
                failed += "error" in answer
            file.flush()
            done += len(chunk)
            advance(len(chunk))
            chunk = list(islice(rows, CHUNK))
    return done, failed


def _answers(model: Model, chunk: list[tuple[str, str | Problem]]) -> Iterator[dict[str, Any]]:
    from bedside.advise import advise

    decisions = iter(advise(model, [text for _, text in chunk if isinstance(text, str)]))
    for name, text in chunk:
        yield _answer(name, next(decisions)) if isinstance(text, str) else {"id": name, "error": text.what}


def _answer(name: str, decision: Decision) -> dict[str, Any]:
    """A decision as its line: an answer, or why there is none."""
    from bedside.types import Abstained, Advice, Failed

    if isinstance(decision, Advice):
        label = decision.prediction.label
        given = label if isinstance(label, str) else list(label)
        return {"id": name, "label": given, "probabilities": dict(decision.prediction.probabilities)}
    if isinstance(decision, Abstained):
        return {"id": name, "error": decision.reason}
    if isinstance(decision, Failed):
        return {"id": name, "error": tr("failed; see the log under", "失败；见日志编号") + f" {decision.error_id}"}
    return {"id": name, "error": tr("nothing to say", "无可告知")}


COMMAND = run
