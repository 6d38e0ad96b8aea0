"""Every page for everybody: by axe's rules of WCAG AA, on a telephone, by keyboard, and without another machine."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.clinic.permissions import ROLES
from bedside.server.workbench.page import places

pytestmark = pytest.mark.browser
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
RULE, CONCEPT = "/rules/interaction.nsaid-anticoagulant", "/knowledge/concepts/X:1"
MORE = (RULE, CONCEPT, "/patients?query=nobody", "/patients?tour=1")
COMES_LATER = {"differential": ".ranked", "": "#issues-of-chart p:not(.busy)"}
"""What a patient's tab shows once all of it has come."""


def faults(page: Any) -> list[str]:
    """What axe finds wrong."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options=AA).response["violations"]
    return [f"{page.url} {one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def shared_out(bench: Any) -> dict[str, list[tuple[str, str]]]:
    """Every page that there is, given to the first role that may open it, and what to wait for there."""
    of_patient = bench.patient("DEMO-1005")
    tabs = [of_patient, *(one.address.format(patient_id=of_patient[10:]) for one in places() if one.of_patient)]
    left = [*tabs, *(one.address for one in places() if not one.of_patient), *MORE]
    shared: dict[str, list[tuple[str, str]]] = {}
    for role in ROLES:
        client = bench.as_(role).client
        mine = [one for one in left if client.get(one).status_code == 200]
        shared[role] = [
            (one, COMES_LATER.get(one[len(of_patient) + 1 :], "main") if one in tabs else "main") for one in mine
        ]
        left = [one for one in left if one not in mine]
    assert left == []
    return shared


@pytest.mark.parametrize(("lang", "scheme", "width"), [("en", "light", 1100), ("zh", "dark", 390)])
def test_every_page_there_is_is_accessible_quiet_and_not_wider_than_the_screen(
    enter: Any, bench: Any, lang: str, scheme: str, width: int
) -> None:
    wrong = list[str]()
    for role, mine in shared_out(bench).items():
        window = enter(role, lang=lang, scheme=scheme, width=width)
        for address, ready in mine:
            window.page.goto(address)
            window.page.locator(ready).first.wait_for()
            wrong += faults(window.page)
            if window.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                wrong.append(f"{address} is wider than the screen")
            if window.page.evaluate("document.documentElement.lang") != {"en": "en", "zh": "zh-CN"}[lang]:
                wrong.append(f"{address} is not in {lang}")
        wrong += window.complaints  # what the content policy blocked, what was asked of another machine
    assert wrong == []


@pytest.mark.parametrize("role", ["reviewer", "data_engineer", "auditor", "admin", "service"])
def test_the_first_page_of_each_role_is_accessible_and_offers_only_what_it_may_open(
    enter: Any, bench: Any, role: str
) -> None:
    window = enter(role, lang="zh")
    window.page.goto("/")
    assert faults(window.page) == []
    offered = [one.get_attribute("href") for one in window.page.locator(".bar nav a").all()]
    assert [one for one in offered if bench.as_(role).client.get(one).status_code != 200] == []


def test_the_login_is_accessible(browser: Any, bench: Any) -> None:
    page = browser.new_page()
    page.set_default_timeout(120_000)
    page.goto(bench.url + "/login")
    assert faults(page) == []
    page.close()


def test_an_answer_and_what_was_found_are_accessible_too(enter: Any) -> None:
    window = enter(scheme="dark")
    page = window.page
    page.goto("/ask")
    page.get_by_label("Your question").fill("What are the symptoms of gout?")
    page.keyboard.press("ControlOrMeta+Enter")
    page.locator(".said").first.focus()
    assert page.locator(".support").first.is_visible()
    wrong = faults(page)
    page.keyboard.press("Escape")
    assert not page.locator(".support").first.is_visible()
    page.goto("/knowledge")
    page.get_by_role("searchbox").fill("gout")
    page.keyboard.press("Enter")
    page.locator("#found h2").first.wait_for()
    assert wrong + faults(page) + window.complaints == []


def test_a_patient_is_found_read_and_weighed_by_keyboard_alone(enter: Any) -> None:
    page = enter().page
    page.goto("/patients")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("DEMO-1001")
    page.keyboard.press("Enter")
    page.wait_for_url("**query=DEMO-1001")
    page.get_by_role("link", name="Eleanor Whitcombe").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Values", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/values")
    page.locator(".plot").first.focus()
    page.keyboard.press("Home")
    assert page.locator(".read").first.inner_text() == "2025-03-04 118 umol/L ▲"
    page.keyboard.press("ArrowRight")
    assert page.locator(".read").first.inner_text() == "2025-09-10 124 umol/L ▲"


def test_the_tour_is_left_by_escape_and_does_not_come_again(enter: Any) -> None:
    page = enter().page
    page.context.clear_cookies(name="bedside_tour")
    page.goto("/patients")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("2 / 4").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.reload()
    assert page.get_by_role("dialog").count() == 0


def test_a_finding_is_looked_up_added_and_ranked_again(enter: Any, bench: Any) -> None:
    page = enter().page
    page.goto(bench.patient("DEMO-1005") + "/differential")
    page.locator(".ranked").wait_for()
    page.get_by_role("searchbox").fill("osteoporosis")
    page.keyboard.press("Enter")
    page.locator("#offered").get_by_role("group", name="Osteoporosis HP:0000939").get_by_label("found").check()
    page.get_by_role("button", name="Rank again").click()
    page.locator("#findings ~ fieldset").filter(has_text="HP:0000939").first.wait_for()
    assert page.locator('input[name="HP:0000939"][value=present]').is_checked()
    assert page.get_by_text("Marfan syndrome").first.is_visible()


def test_the_picture_of_a_concept_opens_its_evidence(enter: Any) -> None:
    window = enter(lang="zh")
    window.page.goto("/knowledge/concepts/X:1")
    window.page.locator(".node", has_text="秋水仙碱").click()
    window.page.locator("#evidence li").first.wait_for()
    assert window.complaints == []


def test_a_long_name_breaks_and_pushes_nothing_aside(enter: Any, bench: Any) -> None:
    from bedside.types import Entry, Identifier, RawChart

    name = "Wolfeschlegelsteinhausenbergerdorff" * 4
    told = Entry(id="1", kind="Condition", text="x" * 300, time="2026-01-01")
    id, _ = bench.clinic.records.keep(
        RawChart(patient="LONG-1", identifiers=(Identifier("NAME", name),), entries=(told,))
    )
    page = enter(width=390).page
    for at in ("/patients", f"/patients/{id}", f"/patients/{id}/timeline"):
        page.goto(at)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), at
    bench.clinic.records.erase(id)
