"""The page of a diagnosis as a reader meets it: in a real browser, offline, on a desk and on a telephone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.lang import Lang, speaking

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 360, "height": 780}
STORY = {
    "en": "Seizures since infancy and delayed development; no cataract. <script>alert(1)</script>",
    "zh": "婴儿期起反复癫痫发作，全面发育迟缓，无白内障。<script>alert(1)</script>",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Debian's chromium, headless."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine (Debian: apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield running
        running.close()


def visit(browser: Any, file: Path, size: dict[str, int]) -> tuple[Any, list[str]]:
    """The open page, and everything it complained of or asked another machine for."""
    page = browser.new_page(viewport=size, offline=True)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("dialog", lambda dialog: (complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url.startswith("file:") else complaints.append(asked.url))
    page.goto(file.as_uri())
    return page, complaints


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_opens_whole_offline_and_is_not_wider_than_the_screen(
    browser: Any, release: Path, tmp_path: Path, lang: Lang, size: dict[str, int]
) -> None:
    file = tmp_path / "page.html"
    with speaking(lang):
        call("diagnose", STORY[lang], "--report", str(file), "--hpo", str(release))
    page, complaints = visit(browser, file, size)
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


def test_the_cases_of_a_table_unfold(browser: Any, release: Path, tmp_path: Path) -> None:
    cases, file = tmp_path / "cases.jsonl", tmp_path / "page.html"
    rows = [{"id": "a", "present": ["HP:0001250"]}, {"id": "b", "present": ["HP:0001638"]}]
    cases.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    call("diagnose", str(cases), "-o", str(tmp_path / "o.jsonl"), "--report", str(file), "--hpo", str(release))
    page, complaints = visit(browser, file, TELEPHONE)
    second = page.locator("details.case").nth(1)
    chips = second.locator(".chips li").first
    assert not chips.is_visible()
    second.locator("summary").first.click()
    assert chips.is_visible()
    assert complaints == []
    page.close()
