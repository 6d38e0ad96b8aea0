"""The people who check: a queue of what was withheld, blocked, reported or drawn by chance, and what they decided.

>>> import tempfile, pathlib
>>> with tempfile.TemporaryDirectory() as folder, Queue(pathlib.Path(folder, "q.sqlite")) as queue:
...     done = enqueue(queue, [Item(why="reported", head="classify", text="No fever.", output={"label": "ill"})])
...     end = decide(queue, done.new[0], "correct", by="ann", label="well", reason="afebrile")
...     [row["label"] for row in examples(queue).rows]
['well']
"""

from bedside.review._item import Item, Quote, Said, item_from_json
from bedside.review._queue import Queue
from bedside.review.decisions import Reading, decide, readings
from bedside.review.export import examples
from bedside.review.figures import stats
from bedside.review.intake import Enqueued, Plan, enqueue, item_of_decision, item_of_verdict

__all__ = [
    "Enqueued",
    "Item",
    "Plan",
    "Queue",
    "Quote",
    "Reading",
    "Said",
    "decide",
    "enqueue",
    "examples",
    "item_from_json",
    "item_of_decision",
    "item_of_verdict",
    "readings",
    "stats",
]
