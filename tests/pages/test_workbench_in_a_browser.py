"""The workbench in a real browser: a clinician weighs an order for a patient; a reader takes an item and decides."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bedside.review import Item, Queue, enqueue, readings

pytestmark = pytest.mark.browser


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A demo server as a user starts it, in the home of the tests, whose encoder is converted once."""
    (tmp_path / "s.toml").write_text("workers = 0\n")
    words = [sys.executable, "-m", "bedside", "serve", "--demo", "--json", "--port", "0"]
    words += ["--data", str(tmp_path / "data"), "--settings", str(tmp_path / "s.toml")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(300) == 0


def test_the_journey_of_a_clinician(browser: Any, demo: dict[str, Any]) -> None:
    said: list[str] = []
    (who,) = [one for one in demo["users"] if one["role"] == "clinician"]
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(120_000)
    page.on("console", lambda message: said.append(message.text))
    page.goto(demo["url"])
    page.get_by_label("Name").fill(who["name"])
    page.get_by_label("Password").fill("wrong")
    page.locator("main button").click()
    page.get_by_text("name or password is wrong").wait_for()
    page.get_by_label("Password").fill(who["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients")
    page.get_by_role("searchbox").fill("DEMO-1001")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Eleanor Whitcombe").click()
    page.get_by_label("What would you order or advise?").fill("Start ibuprofen 400 mg three times a day.")
    page.get_by_role("button", name="Weigh").click()
    page.locator("#verdict .issue").first.wait_for(timeout=120_000)  # the first verdict opens an encoder
    assert "Held back" in page.locator("#verdict").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("link", name="中文").click()
    page.get_by_role("heading", name="用药").wait_for()
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/login")
    page.close()
    assert [one for one in said if "401" not in one] == []


def test_the_journey_of_a_reader_who_has_only_a_keyboard(browser: Any, demo: dict[str, Any], tmp_path: Path) -> None:
    queue = tmp_path / "data" / "review.sqlite"
    with Queue(queue) as opened:
        enqueue(opened, [Item(why="blocked", head="generate", text="Knee pain.", output={"text": "Ibuprofen."})])
    (who,) = [one for one in demo["users"] if one["role"] == "reviewer"]
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_default_timeout(120_000)
    page.goto(f"{demo['url']}/login")
    page.get_by_label("Name").fill(who["name"])
    page.get_by_label("Password").fill(who["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients")
    page.goto(f"{demo['url']}/review")
    page.locator("button:focus", has_text="Next for me").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your decision").wait_for()
    page.locator("input:focus").wait_for()
    page.keyboard.press("ArrowDown")  # from accept to correct
    for words in ("Paracetamol.", ""):
        page.keyboard.press("Tab")
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type(words)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("a reason is needed").wait_for()
    page.get_by_label("Why (needed").fill("bleeding")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="Decide").click()
    page.get_by_text("Nothing is waiting").wait_for()
    page.close()
    with Queue(queue) as opened:
        assert [(one.by, one.action, one.label) for one in readings(opened)] == [
            (who["name"], "correct", "Paracetamol.")
        ]
