"""Makes rows of the shape that a worked recipe reads, in two languages."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

from entity_rows import marked_rows
from fit_rows import WORDS
from score_rows import GRADES, pairs_of

from bedside.config import Recipe

DRUGS = [("Aspirin", "warfarin", " raises the effect of "), ("阿司匹林", "华法林", "增强作用于")]
ORDERS = [("aspirin 100 mg by mouth", "aspirin", 100, "oral"), ("甲硝唑 500 mg 静滴", "甲硝唑", 500, "intravenous")]
Rows = list[dict[str, Any]]
COLUMNS: dict[str, dict[str, str]] = {
    "tag": {"label": "entities"},
    "nested": {"label": "entities"},
    "relate": {"label": "pairs", "entities": "entities"},
    "pair": {"text_b": "note"},
    "rank": {"text_b": "note"},
    "answer": {"text_b": "note", "label": "answers"},
    "survive": {"label": "months+died"},
    "cox": {"label": "months+died"},
}


def rows_for(recipe: Recipe, count: int) -> Rows:
    """Rows under the columns that the recipe names, two a patient."""
    data = recipe.data
    made = MAKERS[recipe.fit.head](recipe, count)
    names = {"text": data.text.split("+"), "label": [data.label], "second": [data.text_b], "entities": [data.entities]}
    rows = []
    for number, row in enumerate(made):
        own = {name: value for key, value in row.items() for name in names.get(key, [key])}
        rows.append({**own, data.patient or "patient": f"p{number // 2}", "id": f"r{number}"})
    return rows


def data_of(head: str, table: Path) -> dict[str, Any]:
    """A recipe's `data`: the table and the columns that rows of that head have."""
    said = {"identity": "absent", "identity_reason": "made up"}
    return {"train": table, "patient": "patient", "id": "id", **said, **COLUMNS.get(head, {})}


def _labels(recipe: Recipe, count: int) -> Rows:
    dice, rows = random.Random(0), []
    for number in range(count):
        label = sorted(WORDS)[number % 3]
        given = [label] if recipe.fit.head == "multilabel" else label
        rows.append({"text": " ".join([dice.choice(WORDS[label])] * dice.randint(1, 3)), "label": given})
    return rows


def _pairs(recipe: Recipe, count: int) -> Rows:
    listed = recipe.data.text_b == "contexts"
    return [
        {"text": row["text"], "second": [row["note"]] * 2 if listed else row["note"], "label": row["label"]}
        for row in pairs_of(count)
    ]


def _entities(recipe: Recipe, count: int) -> Rows:
    tokens = recipe.data.text == "tokens"
    marked = marked_rows(count, nested=recipe.fit.head == "nested", tokens=tokens)
    of, at = ("tokens", "tags") if tokens else ("text", "entities")
    return [{"text": row[of], "label": row[at]} for row in marked]


def _relations(recipe: Recipe, count: int) -> Rows:
    rows = []
    for number in range(count):
        one, two, does = DRUGS[number % 2]
        related = number % 3 > 0
        text = f"{one}{does if related else ' / '}{two}"
        entities = [
            {"id": "T1", "start": 0, "end": len(one), "type": "drug"},
            {"id": "T2", "start": len(text) - len(two), "end": len(text), "type": "drug"},
        ]
        pairs = [{"e1": "T1", "e2": "T2", "type": "effect"}] if related else []
        rows.append({"text": text, "entities": entities, "label": pairs})
    return rows


def _questions(recipe: Recipe, count: int) -> Rows:
    words = [word for said in WORDS.values() for word in said]
    return [
        {"text": f"what is {words[n % 6]} {n}", "second": f"{words[n % 6]} is a symptom, {n}"} for n in range(count)
    ]


def _numbers(recipe: Recipe, count: int) -> Rows:
    dice, rows = random.Random(0), []
    for number in range(count):
        grade = number % 3 + 1
        value = grade if recipe.fit.head == "ordinal" else round(10 * grade + dice.gauss(0, 2), 2)
        rows.append({"text": " ".join([GRADES[grade][number % 2]] * dice.randint(1, 3)), "label": value})
    return rows


def _courses(recipe: Recipe, count: int) -> Rows:
    dice, rows = random.Random(0), []
    for number in range(count):
        early = dice.random() < 0.5
        text = (("liver metastases", "肝转移") if early else ("complete resection", "完整切除"))[number % 2]
        rows.append(
            {"text": text, "months": round(dice.expovariate(1 / (4 if early else 20)), 1), "died": number % 4 > 0}
        )
    return [{**row, "died": int(row["died"])} for row in rows]


def _answers(recipe: Recipe, count: int) -> Rows:
    rows = []
    for number in range(count):
        context, answer = [("On warfarin since May.", "warfarin"), ("五月起服用华法林。", "华法林")][number % 2]
        there = number % 3 > 0
        answers = (
            {"text": [answer], "answer_start": [context.index(answer)]} if there else {"text": [], "answer_start": []}
        )
        rows.append({"text": "Which anticoagulant?", "second": context if there else "no drugs", "label": answers})
    return rows


def _texts(recipe: Recipe, count: int) -> Rows:
    if recipe.fit.write.json_schema is None:
        return [{"text": ORDERS[n % 2][0], "label": ORDERS[n % 2][1]} for n in range(count)]
    rows = []
    for number in range(count):
        text, drug, dose, route = ORDERS[number % 2]
        record = json.dumps({"drug": drug, "dose_mg": dose, "route": route}, ensure_ascii=False)
        rows.append({"text": text, "label": record})
    return rows


MAKERS: dict[str, Callable[[Recipe, int], Rows]] = {
    "classify": _labels,
    "multilabel": _labels,
    "pair": _pairs,
    "tag": _entities,
    "nested": _entities,
    "relate": _relations,
    "rank": _questions,
    "ordinal": _numbers,
    "continuous": _numbers,
    "survive": _courses,
    "cox": _courses,
    "answer": _answers,
    "generate": _texts,
}
