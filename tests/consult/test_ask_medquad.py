"""On the whole of MedQuAD's dev part: every sentence of every answer is where it is cited from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.consult.consultant import Consultant
from bedside.consult.sentences import squash
from bedside.library import About, Item, Library, add_items


def test_every_sentence_of_every_answer_is_in_every_passage_it_cites(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.consult.consultant.guarded", lambda told, person: told)  # they add half of the time
    with (shared / "medquad" / "dev.jsonl").open(encoding="utf-8") as lines:
        rows = list(map(json.loads, lines))
    items = [Item(id=row["id"], title=row["question"], text=row["answer"]) for row in rows]
    add_items(tmp_path / "library", About(name="medquad", licence="CC BY 4.0", version="1"), items, encoder=None)
    texts = {row["id"]: squash(row["answer"]) for row in rows}
    sentences = answered = right = 0
    with Library(tmp_path / "library") as library:
        consultant = Consultant(library)
        for row in rows:
            told = consultant.answer(row["question"], "en")
            answered += bool(told.answer)
            for one in told.answer:
                sentences += 1
                for id in one.citations:
                    passage = library.get(id)
                    assert squash(one.sentence) in squash(passage.text)
                    assert squash(one.sentence) in texts[passage.item]
            gold = (row["focus"].lower(), row["type"])
            named = {told.passages[0].passage.item} if told.answer else set()
            right += any((one["focus"].lower(), one["type"]) == gold for one in rows if one["id"] in named)
    assert sentences > 2000
    assert answered > 0.8 * len(rows)
    assert right > 0.9 * answered
