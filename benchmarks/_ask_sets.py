"""Questions and libraries for measuring consultation: MedQuAD's rows, topics taken out, and no medicine at all."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from _retrieval_questions import LAY, mistyped
from bedside.library import About, Item, Library, add_items

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
Row = dict[str, Any]

NOT_MEDICAL = tuple(
    """
How do I change a flat tyre on my bicycle?
What is the capital of Australia?
Who won the football world cup in 1998?
What is the best way to cook a risotto?
How do I reset my router password?
When does the museum open on Sundays?
How many planets are in the solar system?
What is the exchange rate of the euro today?
How can I renew my passport?
What causes the northern lights?
Which programming language should I learn first?
How do I train my dog to sit?
What is the tallest building in the world?
How do I write a cover letter?
What are the symptoms of a failing car battery?
How is cheese made?
Who wrote Pride and Prejudice?
What is the treatment of rusted garden furniture?
How to prevent mould on bread?
What are the stages of a rocket launch?
What is the outlook for the housing market?
How do I file my income tax return?
Which gene of programming paradigms is Haskell?
What is the plot of Hamlet?
How do I tune a guitar?
Where can I buy cheap flights?
What is (are) a black hole?
Who is at risk of being audited?
How to diagnose a noisy washing machine?
What causes inflation?
Is the throne of England inherited?
How many people live in Nairobi?
What research is being done on dark matter?
What are the symptoms of a bad router?
What is the square root of 144?
How to plant tulips in autumn?
今天天气怎么样？
怎么更换自行车轮胎？
北京到上海的高铁几点发车？
红烧肉怎么做？
哪家银行的利率最高？
如何学习弹吉他？
电脑蓝屏怎么办？
世界杯冠军是谁？
怎么写求职信？
护照怎么续签？
股票大跌的原因是什么？
什么是黑洞？
手机电池坏了有哪些表现？
房价走势如何？
怎样预防电脑中毒？
李白是哪个朝代的人？
月球离地球多远？
如何种郁金香？
""".strip().splitlines()
)
"""Written for this benchmark; some in the very words of medical questions."""


def rows(part: str, data: Path = DATA) -> list[Row]:
    """MedQuAD's rows; topics that differ in capitals alone are one."""
    with (data / "medquad" / f"{part}.jsonl").open(encoding="utf-8") as lines:
        return [{**row, "focus": row["focus"].lower()} for row in map(json.loads, lines)]


def topics(some: Sequence[Row]) -> list[str]:
    """The topics, in the order they come."""
    return list(dict.fromkeys(row["focus"] for row in some))


def items(some: Sequence[Row], dice: random.Random | None = None) -> Iterator[Item]:
    """Documents: under their question, or by `dice` under their question, their topic, a number or nothing."""
    for number, row in enumerate(some):
        ways = (row["question"], row["question"], row["focus"], f"Document {number}", "")
        title = row["question"] if dice is None else dice.choice(ways)
        yield Item(id=row["id"], title=title, text=row["answer"])


def library(folder: Path, some: Sequence[Item], encoder: Any = None) -> Library:
    """A library of these documents, made where it is not there yet."""
    if not folder.exists():
        add_items(folder, About(name="medquad", licence="CC BY 4.0", version="1"), some, encoder=encoder)
    return Library(folder, encoder)


def asked(some: Sequence[Row], seed: int = 0) -> Iterator[tuple[str, Row, str]]:
    """(way, row, question): as written, with two letters wrong, in a patient's words."""
    dice = random.Random(seed)
    for row in some:
        yield "as written", row, row["question"]
        yield "typos", row, mistyped(row["question"], dice)
        template = next((one for one in LAY if row["question"].startswith(one[0])), None)
        if template:
            yield "lay", row, f"{template[1]} {row['focus'].lower()}"
