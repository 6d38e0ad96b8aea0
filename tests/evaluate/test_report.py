"""The report is one file that calls nothing, escapes what it shows, and speaks the reader's language."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from bedside.evaluate._words import metric_name, shown
from bedside.evaluate.compare import compare
from bedside.evaluate.metrics import Evaluation, evaluate
from bedside.evaluate.pages import plots
from bedside.evaluate.pages.report import render, write_report
from bedside.evaluate.result import Misread, Report, sentences
from bedside.lang import Lang, speaking
from bedside.types import Estimate, Undefined


def judged(skill: float, k: int = 2, patients: int = 120) -> Evaluation:
    rng = np.random.default_rng(0)
    truth = np.arange(240) % k
    logits = rng.normal(size=(240, k))
    logits[np.arange(240), truth] += skill
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    names = [f"<class {i}>" for i in range(k)]
    sex = ["F", "M"] * 120
    who = [i % patients for i in range(240)]
    return evaluate(names, [names[i] for i in truth], chances, who, subgroups={"sex": sex})


def page(done: Evaluation, lang: Lang = "en", text: str = "") -> str:
    rivals = {"tfidf": judged(0.5, len(done.labels)), "columns": Undefined(reason="none given")}
    tests = {"tfidf": compare(done, judged(0.5, len(done.labels)))} if done.n_patients == 120 else {}
    errors = [Misread("row 3", "<class 0>", "<class 1>", 0.98, text)]
    with speaking(lang):
        return render(Report(title="Nodules", evaluation=done, baselines=rivals, comparison=tests, errors=errors))


class Balanced(HTMLParser):
    """Fails on a tag closed out of order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("k", [2, 5, 30])
def test_the_page_is_whole_and_needs_nothing_else(k: int) -> None:
    html = page(judged(2, k))
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert not re.search(r"https?://|<script|<link|<img|@import|url\(", html)
    assert html.count("<svg") >= 9


def test_what_a_chart_holds_cannot_become_markup() -> None:
    html = page(judged(2), text="<img src=x onerror=alert(1)> nodule")
    assert "&lt;img src=x" in html
    assert "<img" not in html
    assert "<class 0>" not in html


def test_both_languages_say_the_same_figures() -> None:
    done = judged(2)
    english, chinese = page(done), page(done, "zh")
    assert "Beside what it must beat" in english
    assert "与基线并列" in chinese
    assert "a clinician decides" in english
    assert "由临床医生决定" in chinese
    assert 'lang="zh-CN"' in chinese
    assert str(done.metrics["auroc"]) in english
    assert str(done.metrics["auroc"]) in chinese


def test_a_better_model_is_called_better_and_an_equal_one_is_not() -> None:
    strong, weak = judged(2.5), judged(0.5)
    better = Report(title="", evaluation=strong, comparison={"tfidf": compare(strong, weak)})
    equal = Report(title="", evaluation=weak, comparison={"tfidf": compare(weak, weak)})
    assert sentences(better)[1].startswith("Better than TF-IDF")
    assert sentences(equal)[1].startswith("Not shown to differ from TF-IDF")


def test_few_patients_and_missing_baselines_are_warned_of() -> None:
    assert "come out too narrow" in page(judged(2, patients=20))
    assert "come out too narrow" not in page(judged(2))
    assert "none given" in page(judged(2))


def test_write_report_leaves_one_file(tmp_path: Path) -> None:
    done = judged(2)
    write_report(tmp_path / "deep" / "r.html", title="T", evaluation=done, baselines={}, comparison={}, lang="zh")
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["r.html"]
    assert "各标签" in (tmp_path / "deep" / "r.html").read_text(encoding="utf-8")


def test_a_figure_at_a_rank_is_not_told_as_one_at_a_time_in_either_language() -> None:
    said = {}
    for lang in ("en", "zh"):
        with speaking(lang):
            said[lang] = [metric_name(name) for name in ("recall@10", "ndcg@10", "brier@12")]
    assert said["en"] == ["Recall, first 10", "nDCG of the first 10", "Brier score, lower is better, at 12"]
    assert [("时间" in name) for name in said["zh"]] == [False, False, True]


def test_a_figure_that_rounds_to_nothing_bears_no_sign() -> None:
    figure = Estimate(value=-0.0001, low=-0.0, high=0.2, n=9, n_patients=9, method="m", seed=0)
    assert shown(figure) == "0.000 [0.000, 0.200]"


def test_a_figure_below_zero_is_drawn_below_zero_and_others_begin_there() -> None:
    kappa = Estimate(value=-0.1, low=-0.3, high=0.1, n=40, n_patients=40, method="x")
    share = Estimate(value=0.5, low=0.4, high=0.6, n=40, n_patients=40, method="x")
    ticks = [
        re.findall(r'class="tick"[^>]*>([^<]*)<', plots.intervals([plots.Row("kappa", one)], label="kappa"))
        for one in (kappa, share)
    ]
    assert ticks == [["-0.5", "-0.25", "0", "0.25", "0.5", "0.75", "1"], ["0", "0.25", "0.5", "0.75", "1"]]
