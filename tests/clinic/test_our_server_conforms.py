"""Our own server keeps every clause that can be tried of every standard it speaks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bedside.conformance._base import Answer, try_all
from bedside.conformance.standards import STANDARDS
from bedside.library import About, Item, add_items


@pytest.mark.parametrize(
    ("standard", "untried"),
    [
        ("cds-hooks", {"cards", "suggestions", "links"}),
        ("fhir", set()),
        ("openai", set()),
        ("smart", set()),
        ("bulk", set()),
    ],
)
def test_our_own_server_keeps_every_clause(open_ward: Any, tmp_path: Path, standard: str, untried: set[str]) -> None:
    item = Item(id="d1", title="What is hypertension?", text="Hypertension is blood pressure above 140/90 mmHg.")
    add_items(tmp_path / "library", About(name="notes", version="1", licence="CC0"), [item])
    role = "exporter" if standard == "bulk" else "clinician"
    ward = open_ward(library=tmp_path / "library")
    ward.clinic.groups.make(ward.clinic.accounts.named("exporter").id, ward.patients)
    asker = ward.as_(role)

    def client(method: str, path: str, body: Any = None, headers: Any = None) -> Answer:
        given = {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        answer = asker.request(method, path, headers=headers or {}, **given)
        return Answer(answer.status_code, dict(answer.headers), answer.content)

    tried = try_all(standard, STANDARDS[standard], client)
    assert [(one.id, one.why) for one in tried if one.outcome == "failed"] == []
    assert {one.id for one in tried if one.outcome == "skipped"} - {"embeddings"} == untried
