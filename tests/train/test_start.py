"""A label's output begins at the meaning of its name: before anything is learnt, its name is read as the label."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fit_rows import recipe_for, write_rows

from bedside.train.fit import fit
from bedside.train.start import spoken

LABELS = ["chest_pain", "头痛", "nausea", "rash", "blood_donation", "腹泻"]


@pytest.mark.parametrize("adapt", ["full", "frozen", "partial"])
def test_untaught_a_model_reads_a_labels_name_as_the_label(tmp_path: Path, adapt: str) -> None:
    rows = [{"patient": f"p{n}", "text": f"note {n}", "label": LABELS[n % len(LABELS)]} for n in range(60)]
    table = write_rows(tmp_path / "rows.jsonl", rows)
    names = [spoken(label) for label in LABELS]
    untaught = {"adapt": adapt, "epochs": 1, "learning_rate": 1e-12, "head_learning_rate": 1e-12}
    named = fit(recipe_for(table, **untaught), out=tmp_path / "named")
    assert [given.label for given in named.predict(names)] == LABELS
    drawn = fit(recipe_for(table, **untaught, start_at_names=False), out=tmp_path / "drawn")
    assert [given.label for given in drawn.predict(names)] != LABELS


def test_labels_that_say_nothing_leave_the_start_to_chance(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": f"note {n}", "label": str(n % 2)} for n in range(40)]
    table = write_rows(tmp_path / "rows.jsonl", rows)
    untaught = {"epochs": 1, "learning_rate": 1e-12, "head_learning_rate": 1e-12}
    one, two = (
        fit(recipe_for(table, **untaught, start_at_names=asked), out=tmp_path / str(asked)) for asked in (True, False)
    )
    assert (one.logits(["note"]) == two.logits(["note"])).all()


def test_one_text_for_every_row_leaves_the_start_to_chance_instead_of_blowing_rounding_up(tmp_path: Path) -> None:
    rows = [{"patient": f"p{n}", "text": "胸痛, chest pain", "label": LABELS[n % 2]} for n in range(40)]
    table = write_rows(tmp_path / "rows.jsonl", rows)
    heard: list[dict[str, Any]] = []
    fit(recipe_for(table, batch_rows=8), out=tmp_path / "M", on_event=heard.append)
    assert all(event["loss"] < 2 for event in heard if event["event"] == "epoch")  # chance is 0.69
