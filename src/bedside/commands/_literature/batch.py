"""Decisions in a table: the next papers written out to be filled in, and the filled table read back."""

from __future__ import annotations

import csv
import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._io import emit_json, say
from bedside.errors import DataError
from bedside.lang import counted, tr

if TYPE_CHECKING:
    from bedside.literature._record import Record
    from bedside.literature.screening.review import Review

COLUMNS = (
    "id",
    "decision",
    "reason",
    "flags",
    "title",
    "abstract",
    "authors",
    "year",
    "journal",
    "doi",
    "pmid",
    "order",
)


def write_batch(review: Review, out: Path, count: int, who: str, *, random: bool, json: bool) -> None:
    """The next papers of a reviewer, by rank or at random, with empty cells for decision and reason."""
    from bedside.files import whole_file
    from bedside.literature.tables import safe

    order = "random" if random else "ranked"
    papers = review.next(count, who, order)
    blank = {"decision": "", "reason": "", "order": order}
    rows = [{**blank, **paper_row(one, review)} for one in papers]
    with whole_file(out) as file:
        if out.suffix.lower() == ".jsonl":
            file.writelines(jsonlib.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        else:
            file.write("\ufeff")  # spreadsheets read Chinese by it
            table = csv.DictWriter(file, COLUMNS)
            table.writeheader()
            table.writerows({name: safe(cell) for name, cell in row.items()} for row in rows)
    if json:
        emit_json({"out": out, "papers": len(rows), "order": order})
    else:
        said = f"{counted(len(rows), 'paper')} written to {out}; fill in decision and reason, then --take {out}"
        say(tr(said, f"已写出 {len(rows)} 篇到 {out}；填写 decision 和 reason 后用 --take {out}"))


def take_in(review: Review, path: Path, labels: Path, who: str, *, json: bool) -> None:
    """Add the decisions of a filled table to the file of labels; all of them or, where one is wrong, none."""
    from bedside.formats._tables import cell_text, read_rows
    from bedside.literature.screening.labels import DECISIONS, Label, add_labels, decision_of, now

    made, time, blank = [], now(), 0
    for place, row in read_rows(path):
        said = {str(name).strip().lower(): cell_text(value).strip() for name, value in row.items()}
        if not {"id", "decision"} <= said.keys():
            raise DataError(
                tr("the table needs the columns id and decision", "表中须有 id 和 decision 列"),
                where=path.name,
                allowed=list(row),
            )
        if not said["decision"]:
            blank += 1
            continue
        where, decision = f"{path.name} {place}", decision_of(said["decision"])
        if decision is None:
            raise DataError(
                tr("no such decision", "没有此种决定"), where=where, value=said["decision"][:40], allowed=DECISIONS
            )
        label = Label(
            id=said["id"].removeprefix("'"),
            decision=decision,
            who=said.get("who") or who,
            when=time,
            reason=said.get("reason", ""),
            order=said["order"] if said.get("order") in ("ranked", "random") else "given",
        )
        if not review.add(label):
            raise DataError(
                tr("no paper of this id among the records", "题录中没有该编号的文献"), where=where, value=said["id"]
            )
        made.append(label)
    add_labels(labels, made)
    quiet = json
    said_en = f"{counted(len(made), 'decision')} taken in from {path.name}, {blank} rows without one"
    say(tr(said_en, f"已从 {path.name} 读入 {len(made)} 条决定，{blank} 行未填写"), quiet=quiet)


def paper_row(record: Record, review: Review) -> dict[str, Any]:
    """What a table tells of a paper, with its flags in words."""
    from bedside.literature.notices import word

    paper = record.paper
    return {
        "id": record.key,
        "flags": "; ".join(f"{word(one.kind)} ({one.source})" for one in review.flags.get(record.key, ())),
        "title": paper.title,
        "abstract": "" if paper.abstract == paper.title else paper.abstract,
        "authors": "; ".join(record.authors),
        "year": paper.year or "",
        "journal": paper.journal,
        "doi": paper.doi,
        "pmid": paper.pmid,
    }
