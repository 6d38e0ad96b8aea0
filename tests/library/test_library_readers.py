"""Files of every kind become documents with their own ids, structure and version; hostile ones are refused."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bedside import registry
from bedside.errors import BedsideError, ColumnError, FormatError
from bedside.formats._base import Problem
from bedside.library._base import Item, ReadingOptions
from bedside.library._reading.choose import read_items, reader_for
from bedside.library._reading.split import split

PUBMED = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2026//EN" "https://dtd.nlm.nih.gov/a.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">11</PMID>
<DateRevised><Year>2026</Year><Month>3</Month><Day>5</Day></DateRevised>
<Article><Journal><JournalIssue><Volume>4</Volume><Issue>2</Issue><PubDate><Year>2025</Year></PubDate></JournalIssue>
<Title>Made-up Medicine</Title></Journal><ArticleTitle>Colchicine in <i>gout</i>.</ArticleTitle>
<Pagination><MedlinePgn>7-9</MedlinePgn></Pagination>
<Abstract><AbstractText Label="BACKGROUND">Gout hurts.</AbstractText>
<AbstractText Label="RESULTS">P &lt; 0.05 &amp; good.</AbstractText></Abstract>
<AuthorList><Author><LastName>Li</LastName><Initials>W</Initials></Author></AuthorList></Article></MedlineCitation>
</PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>A false claim.</ArticleTitle>
<PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
</MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><Article><ArticleTitle>No number.</ArticleTitle></Article></MedlineCitation>
</PubmedArticle>
</PubmedArticleSet>"""
NBIB = """
PMID- 21
LR  - 20260102
TI  - Metformin in type 2
      diabetes.
AB  - BACKGROUND: Sugar is high. METHODS: A trial of 2-year
      follow-up.
AU  - Wang F
TA  - J Made Up
DP  - 2024 Jan
PT  - Journal Article

PMID- 22
TI  - Gone.
PT  - Retracted Publication
"""
RIS = """TY  - JOUR
TI  - 二甲双胍治疗2型糖尿病
AU  - 王芳
JO  - 中华虚构杂志
PY  - 2023
DO  - 10.1/abc
AB  - 目的：观察疗效。
ER  - 
TY  - JOUR
AB  - no title
ER  - 
"""
SPL = """<document xmlns="urn:hl7-org:v3"><setId root="s-1"/><versionNumber value="7"/><effectiveTime value="20260131"/>
<title>Fictol tablets</title><component><structuredBody><component><section><title>WARNINGS</title>
<text><paragraph>Do not drive.</paragraph><list><item>No alcohol</item></list></text>
<component><section><title>Liver</title><text><table><tr><td>ALT</td><td>3x</td></tr></table></text></section>
</component>
</section></component></structuredBody></component></document>"""
TRIAL = {
    "protocolSection": {
        "identificationModule": {"nctId": "NCT00000001", "briefTitle": "Ice for gout"},
        "statusModule": {"lastUpdatePostDateStruct": {"date": "2026-02-03"}},
        "descriptionModule": {"briefSummary": "Whether ice helps."},
        "eligibilityModule": {"eligibilityCriteria": "Inclusion:\n* Age 18 or older", "sex": "ALL"},
        "outcomesModule": {"primaryOutcomes": [{"measure": "Pain", "timeFrame": "7 days"}]},
    }
}
MEDQUAD = """<?xml version="1.0"?><Document id="0000001" source="GHR" url="https://example.org/x"><Focus>Gout</Focus>
<QAPairs><QAPair pid="1"><Question qid="0000001-1" qtype="information">What is gout?</Question>
<Answer>A joint disease.</Answer></QAPair>
<QAPair pid="2"><Question qid="0000001-2">Cure?</Question><Answer/></QAPair></QAPairs></Document>"""
JATS = """<article xmlns:xlink="http://www.w3.org/1999/xlink"><front><journal-meta><journal-title-group>
<journal-title>Made Up</journal-title>
</journal-title-group></journal-meta><article-meta><article-id pub-id-type="pmc">PMC9</article-id><title-group>
<article-title>Gout</article-title></title-group>
<permissions><license><license-p>CC BY</license-p></license></permissions><abstract><p>Short.</p></abstract>
</article-meta></front>
<body><sec><title>Methods</title><p>We looked.</p><sec><title>Drugs</title><p>Colchicine.</p></sec></sec></body>
</article>"""
MARKDOWN = """---
title: Gout guideline
id: guide-gout
version: 2026.1
licence: CC BY 4.0
supersedes: guide-gout-2020
---
# Gout
Rest.
## Drugs
Colchicine.
```
# not a heading
```
"""
HTML = """<html><head><title>痛风 &amp; 指南</title><style>p{}</style></head><body><h1>痛风</h1><p>休息。</p>
<h2>药物</h2><p>秋水仙碱。</p><script>x()</script></body></html>"""
LABEL = "虚构片说明书\n【适应症】高血压。\n【禁忌】孕妇禁用。\n1.2 不良反应\n头晕。\n"


def items(path: Path, kind: str | None = None, **columns: str) -> list[Item]:
    return [one for one in read_items(path, ReadingOptions(columns=columns), kind) if isinstance(one, Item)]


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sections(item: Item) -> dict[str, str]:
    return {one.heading: item.text[one.start : one.end].strip() for one in item.blocks}


FILES = {
    "a.xml": (PUBMED, "pubmed"),
    "b.nbib": (NBIB, "nbib"),
    "c.ris": (RIS, "ris"),
    "o.enw": ("%0 Journal Article\n%A 李伟\n%T 痛风的治疗\n%D 2020\n%X 秋水仙碱有效。\n", "endnote"),
    "p.txt": ("RT Journal Article\nA1 李伟\nT1 痛风的治疗\nYR 2020\nAB 秋水仙碱有效。\n", "refworks"),
    "d.xml": (SPL, "spl"),
    "e.json": (json.dumps({"studies": [TRIAL]}), "trial"),
    "f.jsonl": (json.dumps(TRIAL) + "\n" + json.dumps(TRIAL), "trial"),
    "g.xml": (MEDQUAD, "qa"),
    "h.csv": ("编码,名称\nM10.0,特发性痛风\n", "codes"),
    "i.jsonl": (json.dumps({"id": "1", "question": "Gout?", "answer": "Rest."}), "qa"),
    "j.jsonl": (json.dumps({"id": "1", "title": "Gout", "text": "Rest."}), "table"),
    "k.xml": (JATS, "pmc"),
    "l.md": (MARKDOWN, "markdown"),
    "m.html": (HTML, "html"),
    "n.txt": (LABEL, "text"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_known_for_what_it_is_and_every_passage_is_the_characters_it_names(tmp_path: Path, name: str) -> None:
    text, kind = FILES[name]
    path = write(tmp_path, name, text)
    assert reader_for(path, ReadingOptions()).name == kind
    found = items(path)
    assert found
    for item in found:
        pieces = split(item.text, item.blocks, 5)
        assert pieces
        assert all(item.text[one.start : one.end].strip() for one in pieces)


def test_every_kind_of_file_but_pdf_is_among_these() -> None:
    assert {kind for _, kind in FILES.values()} == set(registry.names("library")) - {"pdf"}


def test_pubmed_gives_sections_a_reference_a_version_and_says_what_was_retracted(tmp_path: Path) -> None:
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(PUBMED.encode()))
    read = list(read_items(path, ReadingOptions()))
    one, two = (item for item in read if isinstance(item, Item))
    assert one.citation == "Li W. Colchicine in gout. Made-up Medicine. 2025;4(2):7-9. PMID 11."
    assert (one.version, sections(one)["RESULTS"]) == ("2026-03-05", "P < 0.05 & good.")
    assert (one.retracted, bool(two.retracted), two.text) == ("", True, "A false claim.")
    assert [problem.what for problem in read if isinstance(problem, Problem)] == ["an article without a PMID"]


def test_medline_joins_its_lines_and_cuts_at_capital_headings(tmp_path: Path) -> None:
    one, two = items(write(tmp_path, "b.nbib", NBIB))
    assert one.title == "Metformin in type 2 diabetes."
    assert sections(one) == {"BACKGROUND": "Sugar is high.", "METHODS": "A trial of 2-year follow-up."}
    assert (one.retracted, bool(two.retracted)) == ("", True)


def test_ris_in_chinese_is_named_by_its_doi_and_a_reference_without_a_title_is_told(tmp_path: Path) -> None:
    read = list(read_items(write(tmp_path, "c.ris", RIS), ReadingOptions()))
    assert isinstance(read[0], Item)
    assert (read[0].id, read[0].text) == ("10.1/abc", "目的：观察疗效。")
    assert read[0].citation == "王芳. 二甲双胍治疗2型糖尿病. 中华虚构杂志. 2023. doi:10.1/abc."
    assert [(one.place, one.what) for one in read[1:] if isinstance(one, Problem)] == [
        ("line 9", "a reference without a title; left out")
    ]


def test_a_drug_label_keeps_its_sections_their_path_and_its_version(tmp_path: Path) -> None:
    (label,) = items(write(tmp_path, "d.xml", SPL))
    assert sections(label) == {"WARNINGS": "Do not drive.\nNo alcohol", "WARNINGS > Liver": "ALT 3x"}
    assert (label.id, label.version) == ("s-1", "v7 2026-01-31")


def test_a_trial_keeps_its_criteria_as_written(tmp_path: Path) -> None:
    (trial,) = items(write(tmp_path, "e.json", json.dumps(TRIAL)))
    assert sections(trial)["Eligibility criteria"] == "Inclusion:\n* Age 18 or older"
    assert (trial.id, trial.version) == ("NCT00000001", "2026-02-03")


def test_a_full_article_brings_its_own_licence_and_the_path_of_each_section(tmp_path: Path) -> None:
    (paper,) = items(write(tmp_path, "k.xml", JATS))
    assert sections(paper) == {"Abstract": "Short.", "Methods": "We looked.", "Methods > Drugs": "Colchicine."}
    assert (paper.id, paper.licence) == ("PMC9", "CC BY")


def test_a_question_without_an_answer_is_no_document(tmp_path: Path) -> None:
    (pair,) = items(write(tmp_path, "g.xml", MEDQUAD))
    assert (pair.id, pair.title, pair.text) == ("0000001-1", "What is gout?", "A joint disease.")


def test_markdown_is_kept_to_the_character_and_its_front_matter_is_no_passage(tmp_path: Path) -> None:
    (guide,) = items(write(tmp_path, "l.md", MARKDOWN))
    assert guide.text == MARKDOWN
    assert (guide.id, guide.version, guide.replaces) == ("guide-gout", "2026.1", ("guide-gout-2020",))
    found = sections(guide)
    assert found["Gout"] == "Rest."
    assert found["Gout > Drugs"].startswith("Colchicine.")
    assert set(found) == {"Gout", "Gout > Drugs"}


def test_a_page_keeps_its_headings_and_loses_its_scripts(tmp_path: Path) -> None:
    (page,) = items(write(tmp_path, "m.html", HTML))
    assert page.title == "痛风 & 指南"
    assert sections(page) == {"痛风": "休息。", "痛风 > 药物": "秋水仙碱。"}


def test_a_chinese_drug_label_is_cut_at_its_bracketed_headings(tmp_path: Path) -> None:
    (label,) = items(write(tmp_path, "n.txt", LABEL))
    assert label.text == LABEL
    assert list(sections(label)) == ["", "适应症", "禁忌", "1.2 不良反应"]


def test_columns_are_taken_by_name_and_one_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    path = write(tmp_path, "j.csv", "nr,kopf,inhalt\n7,痛风,休息\n")
    (row,) = items(path, id="nr", title="kopf", text="inhalt")
    assert (row.id, row.title, row.text) == ("7", "痛风", "休息")
    with pytest.raises(ColumnError, match="kopf"):
        items(path, kind="table")
    with pytest.raises(ColumnError, match="inhalt"):
        items(path, text="body")


def test_question_and_answer_columns_may_be_named_as_a_table_of_documents(tmp_path: Path) -> None:
    path = write(tmp_path, "i.jsonl", json.dumps({"id": "1", "question": "Gout?", "answer": "Rest."}))
    (row,) = items(path, id="id", title="question", text="answer")
    assert (row.title, row.text) == ("Gout?", "Rest.")


INSIDE = '<!DOCTYPE PubmedArticleSet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
ATTACKS = {
    "entity": INSIDE + "<PubmedArticleSet><PubmedArticle>&x;</PubmedArticle></PubmedArticleSet>",
    "laughs": '<!DOCTYPE PubmedArticleSet [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    "<PubmedArticleSet>&b;</PubmedArticleSet>",
    "two": '<!DOCTYPE a SYSTEM "x.dtd">' + INSIDE + "<PubmedArticleSet/>",
    "hidden": "<!-- <a> -->" + INSIDE + "<PubmedArticleSet/>",
    "deep": "<PubmedArticleSet>" * 100_000,
    "open": "<PubmedArticleSet><PubmedArticle>",
    "undefined": "<PubmedArticleSet><PubmedArticle>&x;</PubmedArticle></PubmedArticleSet>",
    "none": "<PubmedArticleSet></PubmedArticleSet>",
}


@pytest.mark.parametrize("name", ATTACKS)
def test_xml_that_defines_entities_or_is_broken_is_refused(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, "a.xml", ATTACKS[name])
    with pytest.raises(FormatError):
        items(path, kind="pubmed")


def test_articles_before_a_broken_one_are_kept_and_the_rest_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "a.xml", PUBMED.replace("<PMID>12</PMID>", "<PMID>12</PMIT>"))
    read = list(read_items(path, ReadingOptions()))
    assert [one.id for one in read if isinstance(one, Item)] == ["11"]
    assert isinstance(read[-1], Problem)
    assert "not well-formed XML at line 13" in read[-1].what


@example(b"\x05%\x80", "codes")  # three bytes that could be a mainframe's tab, line end and letter
@given(st.binary(max_size=300), st.sampled_from(sorted(registry.names("library"))))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_read_or_refused_by_an_error_of_ours(tmp_path_factory, data: bytes, kind: str) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    path.write_bytes(data)
    try:
        for item in read_items(path, ReadingOptions(), kind):
            assert isinstance(item, (Item, Problem))
    except BedsideError:
        pass
