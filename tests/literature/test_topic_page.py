"""A living page on a question: sentences that resolve, what is new, what was withdrawn, and nothing else touched."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import DataError, UsageError
from bedside.lang import Lang, speaking
from bedside.library import Library
from bedside.literature.topic.page import page as page_of
from bedside.literature.topic.state import Topic, embedded, read_topic

Visit = Callable[[Path, dict[str, int]], tuple[Any, list[str]]]
GOUT = {
    "id": "101",
    "title": "Colchicine for gout flares",
    "text": "Colchicine reduced gout flares in 128 patients (HR 0.62, 95% CI 0.45-0.85; P=0.003).",
}
BEGUN = {
    "id": "102",
    "title": "Allopurinol begun",
    "text": "Low-dose colchicine prevents gout flares when allopurinol is begun.",
}
ZH = {"id": "103", "title": "秋水仙碱预防痛风", "text": "秋水仙碱可预防痛风急性发作，128例患者中复发率为34.5%。"}
ASTHMA = {"id": "104", "title": "Asthma", "text": "Inhalers at school reduced attacks of asthma."}
LATER = {
    "id": "105",
    "title": "Gout after infarction",
    "text": "After infarction colchicine lowered gout flares among 4745 patients.",
}
QUESTION = "colchicine to prevent gout flares"


def fill(folder: Path, *rows: dict[str, str]) -> str:
    data, library = folder / "docs.jsonl", str(folder / "lib")
    data.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    about = ("--name", "trials", "--licence", "CC0", "--version", "1", "--library", library, "--encoder", "none")
    assert call("knowledge", "add", str(data), *about, "--replace")[0] == 0
    return library


def make(folder: Path, question: str = QUESTION) -> Path:
    out = folder / "page.html"
    assert call("literature", "topic", question, "--library", str(folder / "lib"), "-o", str(out))[0] == 0
    return out


def update(page: Path, *more: str) -> dict[str, Any]:
    _, said = call("literature", "update", str(page), *more, "--json")
    return dict(json.loads(said.splitlines()[-1])["pages"][0])


@pytest.mark.parametrize(("question", "item"), [(QUESTION, "101"), ("秋水仙碱预防痛风", "103")])
def test_every_sentence_stands_word_for_word_in_the_passage_it_cites(tmp_path: Path, question: str, item: str) -> None:
    library = fill(tmp_path, GOUT, BEGUN, ZH, ASTHMA)
    topic = read_topic(make(tmp_path, question))
    assert f"trials:{item}" in {one.paper for one in topic.sentences}
    with Library(library) as opened:
        for one in topic.sentences:
            passage = opened.get(one.passage)
            assert one.text in passage.text
            assert one.paper == f"{passage.source}:{passage.item}"
            assert one.passage in topic.papers[one.paper].passages


def test_a_paper_on_something_else_is_not_on_the_page_and_figures_are(tmp_path: Path) -> None:
    fill(tmp_path, GOUT, ASTHMA)
    topic = read_topic(make(tmp_path))
    assert list(topic.papers) == ["trials:101"]
    assert any("HR 0.62" in shown for shown, _ in topic.papers["trials:101"].figures)


def test_a_page_is_not_touched_where_nothing_changed(tmp_path: Path) -> None:
    fill(tmp_path, GOUT, BEGUN)
    out = make(tmp_path)
    before = out.read_bytes()
    assert update(out)["written"] is False
    assert out.read_bytes() == before


def test_a_new_paper_is_marked_new_once_and_keeps_the_numbers_of_the_others(tmp_path: Path) -> None:
    fill(tmp_path, GOUT, BEGUN)
    out = make(tmp_path)
    numbers = list(read_topic(out).papers)
    fill(tmp_path, GOUT, BEGUN, LATER)
    assert update(out)["new"] == 1
    topic = read_topic(out)
    assert list(topic.papers) == [*numbers, "trials:105"]
    assert topic.log[-1].new == ("trials:105",)
    assert out.read_text(encoding="utf-8").count('class="new"') >= 1
    assert len(topic.log) == 2


def test_a_withdrawn_paper_is_crossed_out_and_no_sentence_of_it_is_left_standing(tmp_path: Path) -> None:
    fill(tmp_path, GOUT, BEGUN)
    out = make(tmp_path)
    fill(tmp_path, BEGUN)
    assert update(out)["gone"] == 1
    topic = read_topic(out)
    assert topic.papers["trials:101"].status == "withdrawn"
    assert "trials:101" not in {one.paper for one in topic.sentences}
    assert "trials:101" in {one.paper for one in topic.struck}
    assert f'<span class="gone">{GOUT["title"]}</span>' in out.read_text(encoding="utf-8")
    assert update(out)["written"] is False


def test_a_paper_that_retraction_watch_lists_is_crossed_out_and_a_reinstated_one_is_not(tmp_path: Path) -> None:
    fill(tmp_path, GOUT, BEGUN)
    out = make(tmp_path)
    watch = tmp_path / "watch.csv"
    head = "Record ID,OriginalPaperPubMedID,OriginalPaperDOI,RetractionNature,RetractionDate,Reason\n"
    back = "2,102,,Retraction,1/2/2020 0:00,+Error;\n3,102,,Reinstatement,5/2/2021 0:00,\n"
    watch.write_text(
        f"{head}1,101,unavailable,Retraction,3/9/2023 0:00,+Concerns about data;\n{back}", encoding="utf-8"
    )
    assert update(out, "--retractions", str(watch))["gone"] == 1
    topic = read_topic(out)
    assert [key for key, one in topic.papers.items() if one.flags] == ["trials:101"]
    assert {one.paper for one in topic.sentences} == {"trials:102"}


def test_a_question_with_markup_can_neither_break_the_page_nor_its_data(tmp_path: Path) -> None:
    topic = Topic(question="</script><b>gout", lang="en", library="lib", top=3)
    assert embedded(topic).count("</script>") == 1
    fill(tmp_path, GOUT)
    out = make(tmp_path, "gout </script><img src=x>")
    assert read_topic(out).question == "gout </script><img src=x>"
    assert "<img" not in out.read_text(encoding="utf-8")


def test_the_same_topic_gives_the_same_bytes_and_an_old_page_is_read_whole(tmp_path: Path) -> None:
    fill(tmp_path, GOUT, ZH)
    out = make(tmp_path)
    topic = read_topic(out)
    assert page_of(topic) == out.read_text(encoding="utf-8")
    assert page_of(replace(topic, lang="zh")) != page_of(topic)


def test_a_page_that_is_none_and_a_page_that_is_there_are_refused_with_what_to_do(tmp_path: Path) -> None:
    library = fill(tmp_path, GOUT)
    (tmp_path / "other.html").write_text("<p>hello", encoding="utf-8")
    with pytest.raises(DataError, match="not a topic page"):
        call("literature", "update", str(tmp_path / "other.html"))
    out = make(tmp_path)
    for lang, word in (("en", "there already"), ("zh", "已存在")):
        with speaking(lang), pytest.raises(UsageError, match=word):  # type: ignore[arg-type]
            call("literature", "topic", QUESTION, "--library", library, "-o", str(out))


@pytest.mark.browser
@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_topic_page_opens_offline_and_is_not_wider_than_the_screen(
    visit: Visit, tmp_path: Path, lang: Lang, width: int
) -> None:
    fill(tmp_path, GOUT, BEGUN, ZH)
    with speaking(lang):
        out = make(tmp_path)
    shown, complaints = visit(out, {"width": width, "height": 900})
    assert complaints == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert {"en": "What the papers say", "zh": "文献所述"}[lang] in shown.inner_text("body")
    shown.close()


@pytest.mark.parametrize(
    ("question", "listed"),
    [
        ("prevention of gout flares with colchicine", {"101", "102"}),
        ("colchicine gout 秋水仙碱 痛风", {"101", "102", "103"}),
        ("reduced attacks of migraine in the elderly of Norway", set()),
    ],
)
def test_a_paper_is_listed_for_what_it_speaks_of_and_not_for_a_word_like_of(
    tmp_path: Path, question: str, listed: set[str]
) -> None:
    fill(tmp_path, GOUT, BEGUN, ZH, ASTHMA)
    topic = read_topic(make(tmp_path, question))
    assert {one.item for one in topic.papers.values()} == listed


PUBMED = """<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>77</PMID>
<Article><ArticleTitle>Colchicine and gout flares</ArticleTitle>
<Abstract><AbstractText>Colchicine prevents gout flares in nearly all patients.</AbstractText></Abstract></Article>
{}</MedlineCitation></PubmedArticle></PubmedArticleSet>"""
RETRACTION = '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"/></CommentsCorrectionsList>'


@pytest.mark.parametrize("encoder", ["none", "echo"])
def test_a_paper_that_pubmed_says_is_retracted_is_crossed_out_at_the_next_look(tmp_path: Path, encoder: str) -> None:
    library, data = str(tmp_path / "lib"), tmp_path / "pubmed.xml"
    about = ("--name", "pubmed", "--licence", "NLM", "--version", "1", "--library", library, "--encoder", encoder)
    data.write_text(PUBMED.format(""), encoding="utf-8")
    call("knowledge", "add", str(data), *about)
    out = make(tmp_path)
    assert [one.paper for one in read_topic(out).sentences] == ["pubmed:77"]
    data.write_text(PUBMED.format(RETRACTION), encoding="utf-8")
    call("knowledge", "add", str(data), *about)
    assert update(out)["gone"] == 1
    topic = read_topic(out)
    assert (topic.papers["pubmed:77"].status, topic.sentences) == ("retracted", ())
