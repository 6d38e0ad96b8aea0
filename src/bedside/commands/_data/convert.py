"""`bedside data convert`: marked texts, or a model's answers to texts, as JSONL, CoNLL columns or a BRAT folder."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.commands._io import PARTLY, JsonFlag, emit_json, say
from bedside.errors import DataError, UsageError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.config import DataRecipe
    from bedside.formats._base import Problem
    from bedside.model.given import Places
    from bedside.types import Entity

SHOWN = 10


@dataclass(frozen=True)
class _Marked:
    """A text, the places of its tokens where it came as tokens, and its entities in order."""

    id: str
    text: str
    tokens: Places
    entities: tuple[Entity, ...]


def convert(
    data: Annotated[
        Path,
        typer.Argument(
            help=tr("Marked texts: any table, CoNLL, BRAT folder", "标注文本：任意表格、CoNLL 或 BRAT 目录")
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(
            "-o", "--out", help=tr("NAME.jsonl, NAME.conll, or a BRAT folder", "NAME.jsonl、NAME.conll 或 BRAT 目录")
        ),
    ],
    answers: Annotated[
        Path | None, typer.Option(help=tr("Entities as `bedside predict` wrote them", "bedside predict 写出的实体"))
    ] = None,
    text: Annotated[str, typer.Option(help=tr("Column(s) of the text, or tokens", "文本列或词列"))] = "text",
    label: Annotated[str, typer.Option(help=tr("Column of the entities, or tags", "实体列或标签列"))] = "label",
    id: Annotated[str | None, typer.Option(help=tr("Id column (default: id)", "编号列（默认 id）"))] = None,
    json: JsonFlag = False,
) -> None:
    """Write marked texts as JSONL, CoNLL columns (IOB2) or a BRAT folder; with --answers, a model's entities.

    What columns cannot say is left out and counted: entities that overlap (the longer stays) or end inside a word.

    `bedside data convert notes.jsonl --answers out.jsonl -o for_brat`
    """
    from bedside.config import DataRecipe

    recipe = DataRecipe.model_validate({"train": data, "text": text, "label": label, "id": id})
    _check_out(out, [data, answers])
    refused: list[Problem] = []
    rows = _answered(recipe, answers, refused) if answers else _labelled(recipe, refused)
    written, lost = _write(rows, out)
    report = {"out": out, "rows": written, "refused": len(refused), "entities_left_out": lost}
    if json:
        emit_json(report)
    _show(report, refused, quiet=json)
    if refused or lost:
        raise typer.Exit(PARTLY)


def _check_out(out: Path, inputs: list[Path | None]) -> None:
    from bedside.files import check_out
    from bedside.formats._tables.conll import SUFFIXES

    folder = not out.suffix
    if not folder and out.suffix.lower() not in (".jsonl", *SUFFIXES):
        raise UsageError(
            tr("no such kind of output", "不支持的输出类型"),
            value=out.name,
            allowed=["NAME.jsonl", "NAME.conll", "FOLDER"],
        )
    check_out(out, inputs=inputs, folder=folder)
    if folder and out.exists() and any(out.iterdir()):
        raise UsageError(
            tr("the folder is not empty", "目录不为空"), value=out, next=tr("choose another output", "请另选输出位置")
        )


def _labelled(recipe: DataRecipe, refused: list[Problem]) -> Iterator[_Marked]:
    from bedside.model.reading import read_labelled

    rows = read_labelled(recipe.train, recipe, head="nested")
    refused += rows.refused
    for id, text, given, entities in zip(rows.ids, rows.texts, rows.given, rows.labels, strict=True):
        yield _Marked(id, text, given.tokens, entities)


def _answered(recipe: DataRecipe, answers: Path, refused: list[Problem]) -> Iterator[_Marked]:
    """Each text with the answer to it, which must come in the same order; rows without one are told."""
    from bedside.formats._base import Problem
    from bedside.formats._tables import read_rows
    from bedside.model.entities import read_tagged
    from bedside.model.reading import read_texts

    told = read_rows(answers)
    for row in read_texts(recipe.train, recipe, head="nested"):
        place, answer = next(told, ("", {}))
        if str(answer.get("id")) != row.id:
            raise DataError(
                tr("the answers are not those to this table", "结果与该表格不对应"),
                where=f"{answers.name} {place}".strip(),
            )
        if row.problem or answer.get("error"):
            refused.append(Problem(f"{answers.name} {place}", tr("no answer", "无结果")))
            continue
        tokens = [row.text[start:end] for start, end in row.given.tokens] or row.text
        try:
            _, places, entities = read_tagged(tokens, _told(answer))
        except ValueError as fault:
            refused.append(Problem(f"{answers.name} {place}", str(fault)))
            continue
        yield _Marked(row.id, row.text, places, entities)


def _told(answer: dict[str, Any]) -> Any:
    """Entities, or tags; a column that only other lines have is None."""
    return answer.get("tags") if answer.get("entities") is None else answer["entities"]


def _write(rows: Iterable[_Marked], out: Path) -> tuple[int, int]:
    """How many rows were written, and how many entities could not be."""
    from bedside.files import whole_file, whole_folder
    from bedside.formats._tables.brat import write_brat
    from bedside.formats._tables.conll import conll_lines

    written = lost = 0
    if not out.suffix:
        seen: set[str] = set()
        with whole_folder(out) as folder:
            for row in rows:
                if row.id in seen:
                    raise DataError(
                        tr("two rows have this id, and so one file", "两行编号相同，对应同一文件"), value=row.id
                    )
                seen.add(row.id)
                write_brat(folder, row.id, row.text, [(one.start, one.end, one.type) for one in row.entities])
        return len(seen), 0
    with whole_file(out) as file:
        for row in rows:
            written += 1
            if out.suffix.lower() == ".jsonl":
                file.write(jsonlib.dumps(_as_row(row), ensure_ascii=False) + "\n")
                continue
            tokens, tags, left = _as_tags(row)
            file.writelines(conll_lines([(tokens, tags)]))
            lost += left
    return written, lost


def _as_row(row: _Marked) -> dict[str, Any]:
    entities = [
        {"start": one.start, "end": one.end, "type": one.type, "text": row.text[one.start : one.end]}
        for one in row.entities
    ]
    return {"id": row.id, "text": row.text, "entities": entities}


def _as_tags(row: _Marked) -> tuple[list[str], list[str], int]:
    """Tokens and IOB2 tags, and how many entities these do not say."""
    from bedside.model.entities import tags_of
    from bedside.model.units import units_of

    places = row.tokens or units_of(row.text)
    starts, ends = {start for start, _ in places}, {end for _, end in places}
    kept: list[Entity] = []
    for entity in sorted(row.entities, key=lambda one: (one.start - one.end, one.start)):
        whole = entity.start in starts and entity.end in ends
        if whole and not any(one.start < entity.end and entity.start < one.end for one in kept):
            kept.append(entity)
    tokens = [row.text[start:end] for start, end in places]
    return tokens, tags_of(sorted(kept), places), len(row.entities) - len(kept)


def _show(report: dict[str, Any], refused: list[Problem], *, quiet: bool) -> None:
    rows, out, lost = report["rows"], report["out"], report["entities_left_out"]
    say(tr(f"{counted(rows, 'row')} written to {out}", f"已写出 {rows} 行到 {out}"), quiet=quiet)
    if lost:
        say(
            tr(
                f"{lost} entities left out: they overlap others, or end inside a word",
                f"{lost} 个实体未写出：与其他实体重叠，或边界不在词的边界上",
            ),
            quiet=quiet,
        )
    for problem in refused[:SHOWN]:
        say(f"{problem.place}: {problem.what}", quiet=quiet)
    if len(refused) > SHOWN:
        say(tr(f"... and {len(refused) - SHOWN} more", f"……另有 {len(refused) - SHOWN} 处"), quiet=quiet)
