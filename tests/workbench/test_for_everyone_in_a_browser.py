"""Every page for everybody: by axe's rules of WCAG AA, on a telephone, by keyboard, and without another machine."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}
PLACES = ("/patients", "/differential", "/ask", "/findings", "/review", "/knowledge", "/rules")
OF_PATIENT = ("", "/timeline", "/values", "/documents", "/differential", "/ask")
RULE, CONCEPT = "/rules/interaction.nsaid-anticoagulant", "/knowledge/concepts/X:1"
MORE = (RULE, CONCEPT, "/patients?query=nobody", "/patients?tour=1")
COMES_LATER = {"/differential": ".ranked", "": "#issues-of-chart p:not(.busy)"}
"""What a patient's tab shows once all of it has come."""


def faults(page: Any) -> list[str]:
    """What axe finds wrong."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = axe.run(page, options=AA).response["violations"]
    return [f"{page.url} {one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def addresses(bench: Any, role: str) -> list[tuple[str, str]]:
    """The pages that a role may open, and what to wait for there."""
    at = bench.patient("DEMO-1005")
    every = [*((one, "") for one in (*PLACES, *MORE)), *((at + one, one) for one in OF_PATIENT)]
    client = bench.as_(role).client
    allowed = [one for one in every if client.get(one[0]).status_code == 200]
    return [(one, COMES_LATER.get(tab, "main") if one.startswith(at) else "main") for one, tab in allowed]


@pytest.mark.parametrize(
    ("role", "lang", "scheme", "width", "pages"),
    [
        ("clinician", "en", "light", 1100, 17),
        ("clinician", "zh", "dark", 390, 17),
        ("reviewer", "zh", "light", 1100, 17),
        ("data_engineer", "en", "dark", 1100, 5),
        ("auditor", "en", "light", 390, 0),
        ("admin", "zh", "dark", 1100, 0),
    ],
)
def test_every_page_that_a_role_may_open_is_accessible_quiet_and_not_wider_than_the_screen(
    enter: Any, bench: Any, role: str, lang: str, scheme: str, width: int, pages: int
) -> None:
    window, wrong = enter(role, lang=lang, scheme=scheme, width=width), list[str]()
    found = addresses(bench, role)
    assert len(found) >= pages
    for address, ready in [*found, ("/login", "main")]:
        window.page.goto(address)
        window.page.locator(ready).first.wait_for()
        wrong += faults(window.page)
        if window.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{address} is wider than the screen")
        if window.page.evaluate("document.documentElement.lang") != {"en": "en", "zh": "zh-CN"}[lang]:
            wrong.append(f"{address} is not in {lang}")
    assert wrong == []
    assert window.complaints == []  # nothing blocked by the content policy, nothing asked of another machine


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
    assert page.locator(".read").first.inner_text() == "2025-03-04  118 umol/L ▲"
    page.keyboard.press("ArrowRight")
    assert page.locator(".read").first.inner_text() == "2025-09-10  124 umol/L ▲"


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
