"""What is shown is escaped, coloured by direction, and says whether to trust it, in both languages."""

from __future__ import annotations

import io

from rich.console import Console

from bedside.explain.attribute import Explanation
from bedside.explain.faithfulness import SHARES, Faithfulness
from bedside.explain.render import to_html, to_page, to_terminal
from bedside.explain.words import Word
from bedside.lang import speaking


def explanation(text: str = "<b>spiculated</b> nodule", error: float | None = 0.012) -> Explanation:
    words = (Word(3, 13, 2.0), Word(18, 24, -1.0))
    return Explanation(
        text=text,
        label="malignant",
        probability=0.93,
        words=words,
        method="integrated_gradients" if error is not None else "occlusion",
        steps=16,
        completeness_error=error,
        cut=False,
    )


def verdict(trusted: bool) -> Faithfulness:
    falls = tuple(1 - share for share in SHARES)
    return Faithfulness(
        shares=SHARES, curve=falls, random_curve=falls, gap=0.2, low=0.1, high=0.3, orders=20, seed=0, trusted=trusted
    )


def test_html_escapes_the_text_and_colours_for_and_against() -> None:
    html = to_html(explanation(), verdict(True))
    assert "<b>spiculated" not in html
    assert "rgba(11,110,106,0.75)" in html
    assert "rgba(200,96,48,0.38)" in html


def test_the_reader_is_told_to_trust_or_not_in_both_languages() -> None:
    assert "You can trust this explanation" in to_page(explanation(), verdict(True))
    assert "Do not trust this explanation" in to_page(explanation(), verdict(False))
    with speaking("zh"):
        assert "该解释可信" in to_page(explanation(), verdict(True))
        assert "请勿信任该解释" in to_page(explanation(), verdict(False))


def test_the_page_needs_nothing_else() -> None:
    page = to_page(explanation(), verdict(True))
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


def test_the_terminal_shows_the_whole_text_and_how_exact_the_method_was() -> None:
    heard = io.StringIO()
    to_terminal(explanation(), verdict(True), Console(file=heard, width=200))
    assert "<b>spiculated</b> nodule" in heard.getvalue()
    assert "completeness error 1.2 %" in heard.getvalue()
    heard = io.StringIO()
    to_terminal(explanation(error=None), None, Console(file=heard, width=200))
    assert "occlusion" in heard.getvalue()
