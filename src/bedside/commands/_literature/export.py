"""`--export`: each record with what was decided, as RIS for a reference manager, CSV or JSONL."""

from __future__ import annotations

import csv
import json as jsonlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bedside.commands._literature.batch import paper_row
from bedside.lang import tr

if TYPE_CHECKING:
    from bedside.literature._record import Record
    from bedside.literature.screening.review import Review


def export(review: Review, out: Path) -> None:
    """All records of the pool in the order of the files; those going on to full text alone as RIS."""
    from bedside.files import whole_file
    from bedside.literature.tables import safe

    decided = review.decided()
    rows = []
    for record in review.pool.values():
        said = decided.get(record.key)
        conflict = record.key in decided and said is None
        told = {
            "decision": "conflict" if conflict else said.decision if said else "",
            "reason": said.reason if said else "",
            "who": said.who if said else "",
            "when": said.when if said else "",
        }
        rows.append((record, {**paper_row(record, review), **told}, said is not None and said.relevant))
    with whole_file(out) as file:
        if out.suffix.lower() == ".ris":
            file.writelines(_ris(record, row) for record, row, relevant in rows if relevant)
        elif out.suffix.lower() == ".jsonl":
            file.writelines(jsonlib.dumps(row, ensure_ascii=False) + "\n" for _, row, _ in rows)
        else:
            file.write("\ufeff")  # spreadsheets read Chinese by it
            table = csv.DictWriter(file, rows[0][1].keys() if rows else ("id",))
            table.writeheader()
            table.writerows({name: safe(cell) for name, cell in row.items()} for _, row, _ in rows)


def _ris(record: Record, row: dict[str, Any]) -> str:
    """One reference; its flags and decision are notes."""
    said = tr(f"screening: {row['decision']}, {row['who']}", f"筛选：{row['decision']}，{row['who']}")
    lines = [("TY", "JOUR"), ("ID", record.key), ("TI", record.paper.title)]
    lines += [("AU", one) for one in record.authors]
    lines += [("PY", row["year"]), ("JO", row["journal"]), ("VL", record.volume), ("SP", record.pages)]
    lines += [("DO", row["doi"]), ("AB", row["abstract"]), ("UR", record.paper.url), ("N1", row["flags"]), ("N1", said)]
    kept = [f"{tag}  - {' '.join(str(value).split())}\n" for tag, value in lines if value]
    return "".join([*kept, "ER  - \n\n"])
