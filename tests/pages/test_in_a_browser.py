"""The pages as a reader meets them: in a real browser, offline, on a desk and on a telephone, in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bedside.evaluate.metrics import evaluate
from bedside.evaluate.pages.report import render
from bedside.evaluate.result import Misread, Report
from bedside.explain.attribute import Explanation
from bedside.explain.faithfulness import SHARES, Faithfulness
from bedside.explain.render import to_page
from bedside.explain.words import Word
from bedside.lang import Lang, speaking

Visit = Callable[[Path, dict[str, int]], tuple[Any, list[str]]]
DESK, TELEPHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


def report(lang: Lang, classes: int = 3) -> str:
    rng = np.random.default_rng(0)
    truth = np.arange(180) % classes
    logits = rng.normal(size=(180, classes))
    logits[np.arange(180), truth] += 1.5
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = ["benign 良性", "malignant 恶性", "a label with a rather long name of its own"][:classes]
    done = evaluate(names, [names[i] for i in truth], chances, list(range(180)), subgroups={"sex": ["F", "M"] * 90})
    errors = [Misread("row 3", names[0], names[1], 0.98, "<img src=x onerror=alert(1)> nodule " + "long " * 80)]
    with speaking(lang):
        return render(Report(title="Nodules", evaluation=done, errors=errors))


def explanation(lang: Lang) -> str:
    text = "边缘毛刺, spiculated nodule"
    told = Explanation(
        text=text,
        label="malignant",
        probability=0.93,
        words=(Word(0, 4, 2.0), Word(6, 16, 1.0), Word(17, 23, -1.0)),
        method="integrated_gradients",
        steps=16,
        completeness_error=0.01,
        cut=False,
    )
    falls = tuple(1 - share for share in SHARES)
    check = Faithfulness(
        shares=SHARES, curve=falls, random_curve=falls, gap=0.2, low=0.1, high=0.3, orders=20, seed=0, trusted=True
    )
    with speaking(lang):
        return to_page(told, check)


@pytest.mark.parametrize("size", [DESK, TELEPHONE], ids=["desk", "telephone"])
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("make", [report, explanation], ids=["report", "explanation"])
def test_a_page_opens_whole_offline_and_is_not_wider_than_the_screen(
    visit: Visit, tmp_path: Path, make: Any, lang: Lang, size: dict[str, int]
) -> None:
    file = tmp_path / "page.html"
    file.write_text(make(lang), encoding="utf-8")
    page, complaints = visit(file, size)
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert page.evaluate("document.documentElement.lang") == {"en": "en", "zh": "zh-CN"}[lang]
    said = page.inner_text("body")
    assert {"en": "a clinician decides", "zh": "由临床医生决定"}[lang] in said
    page.close()


def test_every_plot_of_the_report_can_be_seen(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(report("en"), encoding="utf-8")
    page, _ = visit(file, DESK)
    boxes = [plot.bounding_box() for plot in page.query_selector_all("svg")]
    assert len(boxes) >= 4
    assert all(box and box["width"] > 40 and box["height"] > 40 for box in boxes)
    page.close()


def test_a_word_for_the_label_is_painted_and_one_against_it_otherwise(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "explanation.html"
    file.write_text(explanation("en"), encoding="utf-8")
    page, _ = visit(file, DESK)
    paint = "e => getComputedStyle(e).backgroundColor"
    speaking_for = page.get_by_text("边缘毛刺", exact=True).first.evaluate(paint)
    speaking_against = page.get_by_text("nodule", exact=True).first.evaluate(paint)
    assert speaking_for != speaking_against
    assert "rgba(0, 0, 0, 0)" not in (speaking_for, speaking_against)
    page.close()
