"""What reviewing is worth: a model before and after `bedside update` on decisions about its own answers.

    python benchmarks/review_update.py WORK [ROWS]

Medical abstracts (five classes of condition; no patients are named, so a row is one). A model is fitted on ROWS rows
(default 200) and answers as many new ones; a reader who knows the truth accepts or corrects every answer in a queue;
the export updates the model. Measured on the 288 rows of the dev part, which neither fit saw: before, after, and a fit
anew on the rows of both. The gate is told, and let pass whatever it says. The paired test is of accuracy and macro F1
(bootstrap of rows, 1000 draws). Nothing here was tuned on these rows.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bedside.advise import advise
from bedside.commands._call import call
from bedside.evaluate.answers import gathered
from bedside.evaluate.compare import compare
from bedside.evaluate.metrics import Evaluation
from bedside.model.folder import open_model
from bedside.model.given import NOTHING
from bedside.review import Plan, Queue, decide, enqueue, examples, item_of_decision

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "medical_abstracts"
FIT = (
    "--identity",
    "absent",
    "published abstracts",
    "--epochs",
    "4",
    "--set",
    "max_tokens=128",
    "--backbone",
    "minilm",
)

TUNING = 200
"""Rows to tune on; half of them choose the update's epoch, half are its gate."""

Rows = Sequence[dict[str, Any]]


def rows_of(part: str) -> list[dict[str, Any]]:
    """A part of the set, in an order of its own."""
    with (DATA / f"{part}.jsonl").open(encoding="utf-8") as lines:
        rows = [{"id": row["id"], "text": row["text"], "label": row["label"]} for row in map(json.loads, lines)]
    random.Random(0).shuffle(rows)
    return rows


def write(path: Path, rows: Rows) -> Path:
    """The rows as a table."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def reviewed(model: Path, rows: Rows, queue: Path) -> Rows:
    """Every answer accepted or corrected by the truth; the examples that come of it."""
    opened, truth = open_model(model), {row["text"]: row["label"] for row in rows}
    texts = [row["text"] for row in rows]
    items = [
        item_of_decision(opened, text, NOTHING, decision, patient=row["id"])
        for row, text, decision in zip(rows, texts, advise(opened, texts), strict=True)
    ]
    with Queue(queue) as people:
        enqueue(people, filter(None, items), plan=Plan(rate=1))
        for listed in people.items():
            right = truth.get(listed.item.text)
            if right is None:
                decide(people, listed.item.id, "reject", by="truth", reason="identity removed: not matched")
            elif right == listed.item.output.get("label"):
                decide(people, listed.item.id, "accept", by="truth")
            else:
                decide(people, listed.item.id, "correct", by="truth", label=right, reason="wrong", new=True)
        return examples(people).rows


def measured(folder: Path, rows: Rows) -> Evaluation:
    """A model on rows that it has not seen."""
    model = open_model(folder)
    said = gathered(model.head, model.labels, model.predict([row["text"] for row in rows]))
    return said.measure([(row["label"],) for row in rows], None, seed=0)


def main(work: Path, count: int) -> None:
    """Fit, review, update, fit anew, and print the table."""
    work.mkdir(parents=True, exist_ok=True)
    train, test = rows_of("train"), rows_of("dev")
    first, second, dev = train[:count], train[count : 2 * count], train[2 * count : 2 * count + TUNING]
    fit = ("--dev", str(write(work / "dev.jsonl", dev)), "--force", "--json", *FIT)
    call("fit", str(write(work / "first.jsonl", first)), "-o", str(work / "M"), *fit)
    (work / "queue").unlink(missing_ok=True)
    decided = reviewed(work / "M", second, work / "queue")
    corrected = write(work / "corrected.jsonl", decided)
    _, told = call(
        "update", str(work / "M"), str(corrected), "-o", str(work / "N"), "--force", "--json", "--tolerance", "1"
    )
    both = [*first, *({name: row[name] for name in ("id", "text", "label")} for row in decided)]
    call("fit", str(write(work / "both.jsonl", both)), "-o", str(work / "anew"), *fit)
    before, after, anew = (measured(work / name, test) for name in ("M", "N", "anew"))
    wrong = sum(row["review"]["action"] == "correct" for row in decided)
    print(f"{len(first)} rows fitted, {len(decided)} reviewed ({wrong} corrected), {len(test)} unseen rows measured on")
    gate = json.loads(told.splitlines()[-1])
    old, rows = gate["judged"]["old"], gate["rows"]
    print(f"learnt {rows['corrected']} beside {rows['replayed']}; gate, {old['rows']} old rows: macro_f1 ", end="")
    print(f"{old['before']['value']:.3f} -> {old['after']['value']:.3f}")
    for metric in ("accuracy", "macro_f1"):
        for name, one in (("before", before), ("after update", after), ("fitted anew on both", anew)):
            print(f"{metric:9} {name:20} {one.metrics[metric]}")
        test_of = compare(after, before)[metric]
        print(f"{metric:9} {'after - before':20} {test_of['difference']} p {test_of['p']:.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 200)
