"""The page for curators: what is escaped, what is told in two languages, and what a browser can run of it."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from bedside.lang import Lang, speaking
from bedside.phenotypes.context import Context
from bedside.phenotypes.page import Note, Page
from bedside.phenotypes.reader import Finding

TEXT = "Fever, no rash. <script>alert(1)</script>"
FOUND = [
    Finding("HP:0001945", "Fever", 0, 5, Context()),
    Finding("HP:0000988", "Skin rash", 10, 14, Context(negated=True)),
]
NEAR = [Finding("HP:0000819", "Diabetes mellitus", 16, 24, Context(), 0.7)]


def written(lang: Lang = "en") -> str:
    with speaking(lang):
        page = Page("2031-02-03", {"HP:0001945": "发热"}.get if lang == "zh" else lambda id: "")  # type: ignore[arg-type]
        return page.head() + page.note(Note("<b>1</b>", TEXT, FOUND, NEAR)) + page.foot()


def test_each_finding_is_marked_by_kind_and_has_a_row() -> None:
    page = written()
    kinds = re.findall(r'<mark class="(\w+)" data-n="(\d)"', page)
    assert kinds == [("present", "0"), ("excluded", "1"), ("near", "2")]
    assert re.findall(r'<tr tabindex="0" class="(\w+)"', page) == ["present", "excluded", "near"]


def test_nothing_of_a_note_can_run_and_only_our_script_may() -> None:
    page = written()
    assert "<script>alert" not in page
    assert "<b>1</b>" not in page
    script = re.search(r"<script>(.*)</script></body>", page, re.DOTALL)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page


def test_what_the_script_saves_holds_places_and_no_text() -> None:
    told = re.search(r'id="told">(.*?)</script>', written(), re.DOTALL)
    assert told
    data = json.loads(told[1])
    assert [one["source"] for one in data["findings"]] == ["list", "list", "near"]
    assert data["findings"][1]["context"] == ["negated"]
    assert "alert(1)" not in json.dumps(data["findings"])


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ["Save list as JSON", "denied"]), ("zh", ["导出 JSON", "否定", "发热"])]
)
def test_the_page_speaks_both_languages(lang: Lang, words: list[str]) -> None:
    assert all(word in written(lang) for word in words)
