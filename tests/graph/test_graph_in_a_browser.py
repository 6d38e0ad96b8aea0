"""The picture of a neighbourhood as a reader meets it: offline, on a desk and a telephone, by mouse and by keyboard."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bedside.graph import Graph
from bedside.graph._schema import open_database
from bedside.graph._writer import Writer
from bedside.graph.page import page
from bedside.lang import Lang, speaking

Visit = Callable[[Path, dict[str, int]], tuple[Any, list[str]]]
DESK, TELEPHONE = {"width": 1100, "height": 900}, {"width": 390, "height": 844}


def drawn(folder: Path, out: Path, name: str, lang: Lang = "en") -> Path:
    with speaking(lang), Graph(folder) as graph:
        own = graph.get(name)
        out.write_text(page(graph, own, graph.around(own)), encoding="utf-8")
    return out


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_opens_offline_and_is_not_wider_than_the_screen(
    visit: Visit, graph_folder: Path, tmp_path: Path, lang: Lang, size: dict[str, int]
) -> None:
    seen, complaints = visit(drawn(graph_folder, tmp_path / "p.html", "OMIM:100001", lang), size)
    assert complaints == []
    assert seen.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert seen.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    boxes = [node.bounding_box() for node in seen.query_selector_all(".node")]
    assert len(boxes) >= 4
    assert all(box and box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 1 for box in boxes)
    tops = sorted(box["y"] for box in boxes if box)
    assert all(later - earlier > 10 or later == earlier for earlier, later in itertools.pairwise(tops))
    seen.close()


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
def test_a_click_shows_who_says_so_with_citation_and_licence(
    visit: Visit, graph_folder: Path, tmp_path: Path, size: dict[str, int]
) -> None:
    seen, complaints = visit(drawn(graph_folder, tmp_path / "p.html", "Gout"), size)
    evidence = seen.locator("#evidence")
    assert "Choose a concept" in evidence.inner_text()
    seen.locator(".node", has_text="Colchicine").click()
    told = evidence.inner_text()
    assert "Colchicine is used to treat gout." in told
    assert "CC BY 4.0" in told
    assert "guides" in told
    assert seen.locator('.node[aria-pressed="true"]').count() == 1
    assert complaints == []
    seen.close()


def test_the_keyboard_alone_is_enough_and_the_language_turns(visit: Visit, graph_folder: Path, tmp_path: Path) -> None:
    seen, complaints = visit(drawn(graph_folder, tmp_path / "p.html", "OMIM:100001"), DESK)
    seen.keyboard.press("Tab")  # the language
    seen.keyboard.press("Tab")
    first = seen.evaluate("document.activeElement.dataset.at")
    seen.keyboard.press("ArrowDown")
    assert seen.evaluate("document.activeElement.dataset.at") != first
    seen.keyboard.press("Enter")
    assert seen.locator("#evidence h2").count() == 1
    assert "affirmed" in seen.inner_text("#evidence")
    seen.locator("#lang").press("Enter")
    assert "肯定" in seen.inner_text("#evidence")
    assert "临床医生" in seen.inner_text("footer")
    assert complaints == []
    seen.close()


def test_nothing_in_a_name_or_passage_runs(visit: Visit, tmp_path: Path) -> None:
    bad = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    writer = Writer(open_database(tmp_path / "g", make=True))
    with writer.batch():
        source = writer.source(bad, "triples", bad, "1")
        ends = [writer.concept(f"x:{at}", "finding", "x", f"{bad}{at}", "", source) for at in range(2)]
        writer.evidence(writer.edge(ends[0], "causes", ends[1]), writer.reference(bad, source), 1, "user", bad)
    writer.finish()
    writer.database.close()
    seen, complaints = visit(drawn(tmp_path / "g", tmp_path / "p.html", "x:0"), DESK)
    seen.locator(".node").first.click()
    assert bad in seen.inner_text("#evidence")
    assert seen.locator("img").count() == 0
    assert complaints == []
    seen.close()
