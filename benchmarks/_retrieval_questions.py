"""Questions for answers of MedQuAD: as written, with typos, in lay words, in Chinese by rule and by hand."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

LAY = (
    ("What are the symptoms of", "how would I know if I had", "{}有哪些症状？"),
    ("What are the treatments for", "what can the doctor give me against", "{}怎么治疗？"),
    ("What is (are)", "can you explain in plain words", "{}是什么病？"),
    ("What causes", "why do people get", "{}是什么原因引起的？"),
    ("Is", "can my children get from me", "{}会遗传吗？"),
    ("How many people are affected by", "how rare is", "{}的发病率是多少？"),
    ("What are the genetic changes related to", "which gene is wrong in", "{}与哪些基因有关？"),
    ("How to diagnose", "which tests show that I have", "{}如何诊断？"),
    ("How to prevent", "how can I avoid getting", "{}如何预防？"),
    ("Who is at risk for", "who tends to get", "哪些人容易得{}？"),
    ("What is the outlook for", "how does it go on with", "{}的预后如何？"),
)
"""The templates of MedQuAD's questions, in a patient's words and in Chinese."""


def ways_of_asking(rows: Sequence[dict[str, Any]]) -> dict[str, list[tuple[dict[str, Any], str]]]:
    """The questions, in each way of asking that fits a row."""
    dice, chinese = random.Random(1), _chinese_names()
    ways: dict[str, list[tuple[dict[str, Any], str]]] = {"as written": [], "typos": [], "lay": [], "chinese": []}
    own = {row["id"]: row for row in rows}
    ways["chinese, natural"] = [(own[id], said) for id, said in _natural() if id in own]
    for row in rows:
        ways["as written"].append((row, row["question"]))
        ways["typos"].append((row, mistyped(row["question"], dice)))
        template = next((one for one in LAY if row["question"].startswith(one[0])), None)
        if template:
            ways["lay"].append((row, f"{template[1]} {row['focus'].lower()}"))
            if name := chinese.get(row["focus"].lower().split(" (")[0]):
                ways["chinese"].append((row, template[2].format(name)))
    return ways


def mistyped(question: str, dice: random.Random) -> str:
    """Two letters of the longer words swapped with the next, left out or doubled."""
    for _ in range(2):
        places = [
            place
            for word in re.finditer(r"[A-Za-z]{5,}", question)
            for place in range(word.start() + 1, word.end() - 1)
        ]
        if not places:
            return question
        at = dice.choice(places)
        change = dice.choice(("swap", "drop", "double"))
        middle = {
            "swap": question[at + 1] + question[at],
            "drop": question[at + 1],
            "double": question[at] + question[at : at + 2],
        }
        question = question[:at] + middle[change] + question[at + 2 :]
    return question


def _natural() -> list[tuple[str, str]]:
    """(id of an answer, question) of the Chinese questions that were written by hand."""
    lines = Path(__file__).with_name("retrieval_zh.tsv").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("\t") for line in lines if not line.startswith("#")]
    return [(id, question) for id, question in pairs]


def _chinese_names() -> dict[str, str]:
    """English names of HPO terms with a Chinese one; none where HPO is not installed."""
    from importlib.resources import files

    from bedside.errors import BedsideError
    from bedside.knowledge.hpo import open_hpo

    try:
        hpo = open_hpo()
    except BedsideError:
        return {}
    found = {}
    lines = files("bedside.knowledge").joinpath("data/hpo_zh.tsv").read_text(encoding="utf-8").splitlines()
    for id, name, *_ in (line.split("\t") for line in lines if line.startswith("HP:")):
        if id in hpo.number:
            term = hpo.number[id]
            exact = [text for text, scope, _ in hpo.synonyms(term) if scope == "EXACT"]
            found.update({text.lower(): name for text in (*exact, hpo.names[term])})
    return found
