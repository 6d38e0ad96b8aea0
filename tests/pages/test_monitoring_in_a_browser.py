"""Monitoring in a real browser: who runs the system sees an alert, reads the values of a plot, and sees to it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from bedside.clinic._database import open_database
from bedside.clinic.watch import _tables
from bedside.clinic.watch.alerts import Alerts, Signal
from bedside.clinic.watch.points import Point, Points
from bedside.clinic.watch.tallies import HOUR_S

pytestmark = pytest.mark.browser
DAY = 86_400.0
COLUMNS = ("label", "language")
ENGLISH = {"locale": "en-GB", "alert": "triage label has changed", "plot": "triage · label", "button": "I see to it",
           "by": "seen to by", "day": "24 hours"}  # fmt: skip
CHINESE = {"locale": "zh-CN", "alert": "triage 语言的分布已变化", "plot": "triage · 标签", "button": "由我处理",
           "by": "处理人", "day": "24 小时"}  # fmt: skip


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A demo server that has been at work for a week."""
    data = tmp_path / "data"
    words = [sys.executable, "-m", "bedside", "serve", "--demo", "--json", "--port", "0", "--data", str(data)]
    (tmp_path / "s.toml").write_text('workers = 0\n[watch]\ndrift = ""\n')  # at three o'clock it would find no drift
    words += ["--settings", str(tmp_path / "s.toml")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        worked(data)
        yield told
        process.terminate()
        assert process.wait(300) == 0


def worked(data: Path) -> None:
    """A week of requests, a drift that grew, and an alert of it."""
    database, now = open_database(data), time.time()
    hours = range(int(now // HOUR_S) - 7 * 24, int(now // HOUR_S))
    labels = {
        "bedside_http_requests_total": '{"status": "200"}',
        "bedside_guard_verdicts_total": '{"verdict": "allow"}',
    }
    rows = [
        {"hour": hour, "server": "before", "name": name, "labels": told, "value": 100.0 + hour % 24}
        for hour in hours
        for name, told in labels.items()
    ]
    with database.write() as db:
        db.execute(insert(_tables.tallies), rows)
    for back in range(6):
        Points(database).add([Point("drift/triage/label", 0.6 - back / 10, 300, 0.0, 0.05)], now - back * DAY)
    detail = {"psi": 0.6, "by_chance": 0.05, "p": 0.0004}
    signals = [Signal(code="drifted", subject=f"triage {name}", level="warning", detail=detail) for name in COLUMNS]
    Alerts(database).found("drift", signals, now)
    database.close()


def test_an_alert_is_read_understood_and_seen_to_in_either_language(browser: Any, demo: dict[str, Any]) -> None:
    (who,) = [one for one in demo["users"] if one["role"] == "data_engineer"]
    seen_to(browser, demo["url"], who, ENGLISH, 1100)
    seen_to(browser, demo["url"], who, CHINESE, 390)


def seen_to(browser: Any, url: str, who: dict[str, str], words: dict[str, str], width: int) -> None:
    said: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 844}, locale=words["locale"])
    page.set_default_timeout(120_000)
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{url}/login")
    page.locator("input").first.fill(who["name"])
    page.locator("input[type=password]").fill(who["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))
    page.goto(f"{url}/monitoring")
    alert = page.locator(".issue", has_text=words["alert"])
    plot = page.locator("figure", has_text=words["plot"])
    assert plot.locator("svg polyline").count() == 1
    plot.locator("summary").focus()
    page.keyboard.press("Enter")
    assert plot.locator("tbody tr").first.inner_text().split("\t")[1] == "0.600"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    alert.get_by_role("button", name=words["button"]).click()
    alert.get_by_text(f"{words['by']} {who['name']}").wait_for()
    page.get_by_role("link", name=words["day"]).click()
    page.locator("[aria-current=true]", has_text=words["day"]).wait_for()
    page.close()
    assert said == []
