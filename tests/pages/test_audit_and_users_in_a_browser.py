"""Audit and Users in a real browser: a program gets its key, an auditor finds, verifies and takes away the acts."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1100, "height": 800}


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[dict[str, Any]]:
    """A demo server as a user starts it."""
    (tmp_path / "s.toml").write_text("workers = 0\n")
    words = [sys.executable, "-m", "bedside", "serve", "--demo", "--json", "--port", "0", "--data", str(tmp_path / "d")]
    words += ["--settings", str(tmp_path / "s.toml")]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())
        process.terminate()
        assert process.wait(300) == 0


def entered(browser: Any, demo: dict[str, Any], role: str, place: str, **given: Any) -> Any:
    """A page of that role's login, at a place."""
    (who,) = [one for one in demo["users"] if one["role"] == role]
    page = browser.new_page(**given)
    page.set_default_timeout(120_000)
    page.goto(f"{demo['url']}/login")
    page.locator("#name").fill(who["name"])
    page.locator("#password").fill(who["password"])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/login"))
    page.goto(f"{demo['url']}{place}")
    return page


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_an_administrator_makes_and_replaces_the_key_of_a_program(browser: Any, demo: dict[str, Any]) -> None:
    page = entered(browser, demo, "admin", "/users", viewport=PHONE, locale="zh-CN", color_scheme="dark")
    page.get_by_label("用户名").fill("emr")
    page.get_by_label("角色").select_option("service")
    page.get_by_label("登录方式").select_option("key")
    page.get_by_role("button", name="新增").click()
    first = page.locator("code.secret").inner_text()
    assert re.fullmatch(r"bedside_k[0-9a-f]+\.[\w-]+", first)
    assert fits(page)
    page.get_by_role("link", name="已复制").click()
    page.get_by_role("button", name="更换").click()
    page.locator("code.secret").wait_for()
    assert page.locator("code.secret").inner_text() != first
    page.goto(f"{demo['url']}/users")
    assert page.locator("code.secret").count() == 0
    page.get_by_role("link", name="emr").click()
    page.get_by_role("button", name="停用").first.click()
    page.get_by_text("已停用，其密钥").wait_for()
    assert fits(page)
    page.close()


def test_an_auditor_finds_an_act_by_keyboard_verifies_and_takes_the_lines_away(
    browser: Any, demo: dict[str, Any]
) -> None:
    entered(browser, demo, "clinician", "/patients").close()
    page = entered(browser, demo, "auditor", "/audit", viewport=DESK, locale="en-GB")
    page.get_by_label("Action").select_option("patient.search")
    page.get_by_label("Who (name or id)").fill("clinician")
    page.keyboard.press("Enter")
    page.wait_for_url("**/audit?*act=patient.search*")
    lines = page.locator("tbody tr")
    assert lines.count() >= 1
    assert {"patient.search"} == set(page.locator("tbody td:nth-child(3)").all_inner_texts())
    page.get_by_role("button", name="Verify the whole log").click()
    page.get_by_text("lines, unchanged").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("link", name="Export").click()
    exported = Path(taken.value.path()).read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["action"] for line in exported} == {"patient.search"}
    page.get_by_role("link", name="中文").click()
    page.get_by_role("heading", name="操作记录").wait_for()
    page.close()
