"""The page of a diagnosis as a reader meets it: in a real browser, offline, on a desk and on a telephone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.lang import Lang, speaking

Visit = Callable[[Path, dict[str, int]], tuple[Any, list[str]]]
DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
STORY = {
    "en": "Seizures since infancy and delayed development; no cataract. <script>alert(1)</script>",
    "zh": "婴儿期起反复癫痫发作，全面发育迟缓，无白内障。<script>alert(1)</script>",
}


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_opens_whole_offline_and_is_not_wider_than_the_screen(
    visit: Visit, release: Path, tmp_path: Path, lang: Lang, size: dict[str, int]
) -> None:
    file = tmp_path / "page.html"
    with speaking(lang):
        call("diagnose", STORY[lang], "--report", str(file), "--hpo", str(release))
    page, complaints = visit(file, size)
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    bars = page.query_selector_all(".fall svg rect")
    assert len(bars) >= 4
    boxes = [bar.bounding_box() for bar in bars]
    assert all(box and box["width"] >= 1 and box["x"] >= 0 for box in boxes)
    assert all(box["x"] + box["width"] <= size["width"] for box in boxes)
    paint = "e => getComputedStyle(e).backgroundColor"
    seen, denied = (page.locator(f"mark.{kind}").first.evaluate(paint) for kind in ("present", "excluded"))
    assert seen != denied
    page.close()


def test_the_cases_of_a_table_unfold(visit: Visit, release: Path, tmp_path: Path) -> None:
    cases, file = tmp_path / "cases.jsonl", tmp_path / "page.html"
    rows = [{"id": "a", "present": ["HP:0001250"]}, {"id": "b", "present": ["HP:0001638"]}]
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    call("diagnose", str(cases), "-o", str(tmp_path / "o.jsonl"), "--report", str(file), "--hpo", str(release))
    page, complaints = visit(file, TELEPHONE)
    second = page.locator("details.case").nth(1)
    chips = second.locator(".chips li").first
    assert not chips.is_visible()
    second.locator("summary").first.click()
    assert chips.is_visible()
    assert complaints == []
    page.close()
