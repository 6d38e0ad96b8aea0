"""Records of one paper, two versions or one study, and papers that are retracted: what is said, and what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.commands._call import call
from bedside.errors import BedsideError, ColumnError
from bedside.lang import speaking
from bedside.literature._paper import Paper
from bedside.literature._record import Record, records_of
from bedside.literature.notices import flags_of, read_watch
from bedside.literature.same import duplicates_of

TITLE = "Colchicine for prevention of gout flares: a randomised trial"
ABSTRACT = (
    "Colchicine was given to 128 patients with gout for 12 months. Flares fell to 34.5 percent against 51.2 percent, "
    "hazard ratio 0.62. Diarrhoea was commoner with colchicine. No death was thought to be due to the medicine."
)
ZH_TITLE = "秋水仙碱预防痛风急性发作的随机对照试验"
ZH_ABSTRACT = (
    "对128例痛风患者随访12个月，秋水仙碱组发作率34.5%，对照组51.2%，风险比0.62，腹泻多见于秋水仙碱组，无药物相关死亡。"
)
LI = ("Li W", "Wang F", "Zhao M")


def record(key: str, title: str = TITLE, text: str = ABSTRACT, **told: Any) -> Record:
    own = {name: told.pop(name) for name in ("authors", "volume", "pages", "notices") if name in told}
    return Record(key=key, paper=Paper(id=key, title=title, text=text or title, **told), **own)


def kinds(*records: Record) -> list[tuple[str, str, str]]:
    return [(one.kept, one.other, one.kind) for one in duplicates_of(records)]


SAME = {
    "the same PMID": (record("a", pmid="1"), record("b", TITLE.upper(), "", pmid="1")),
    "the same DOI however written": (
        record("a", doi="10.1000/X.1"),
        record("b", TITLE, "", doi="https://doi.org/10.1000/x.1"),
    ),
    "title, author and year, names in either order": (
        record("a", text="", authors=LI, year=2020),
        record("b", TITLE + ".", "", authors=("Wei Li",), year=2021),
    ),
    "American spelling, the same page": (
        record("a", authors=LI, year=2020, pages="123-128"),
        record("b", TITLE.replace("randomised", "randomized"), authors=("Li, Wei",), year=2020, pages="123-8"),
    ),
    "a Chinese record from two databases": (
        record("a", ZH_TITLE, "", authors=("李伟", "王芳"), year=2020),
        record("b", ZH_TITLE + "。", "", authors=("李 伟",), year=2020),
    ),
}
NOT_SAME = {
    "two parts of a series": (
        record("a", TITLE + ", part I", authors=LI, year=2020),
        record("b", TITLE + ", part II", authors=LI, year=2020),
    ),
    "a reply to the paper": (
        record("a", authors=LI, year=2020),
        record("b", "Reply to: " + TITLE, "", authors=LI, year=2020),
    ),
    "the erratum of the paper": (
        record("a", authors=LI, year=2020, doi="10.1000/a"),
        record("b", "Erratum: " + TITLE, authors=LI, year=2020, doi="10.1000/a"),
    ),
    "two PMIDs": (record("a", pmid="1", authors=LI, year=2020), record("b", pmid="2", authors=LI, year=2020)),
    "a short title that many have": (
        record("a", "Gout", "", authors=LI, year=2020),
        record("b", "Gout", "", authors=LI, year=2020),
    ),
    "the same title by others": (
        record("a", text="", authors=LI, year=2020),
        record("b", text="", authors=("Smith J",), year=2020),
    ),
    "the same title ten years on": (
        record("a", text="", authors=LI, year=2010),
        record("b", text="", authors=LI, year=2020),
    ),
    "one DOI put on two different papers": (
        record("a", doi="10.1000/a"),
        record("b", "Asthma inhalers in primary schools", "Quite another.", doi="10.1000/a"),
    ),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME)
def test_is_one_paper(pair: tuple[Record, Record]) -> None:
    assert [kind for _, _, kind in kinds(*pair)] == ["duplicate"]


@pytest.mark.parametrize("pair", NOT_SAME.values(), ids=NOT_SAME)
def test_is_not_merged(pair: tuple[Record, Record]) -> None:
    assert "duplicate" not in [kind for _, _, kind in kinds(*pair)]


def test_a_preprint_and_its_article_are_two_versions_and_both_stay() -> None:
    preprint = record("a", TITLE, authors=("Wei Li", "Fang Wang"), year=2019, doi="10.1101/2019.01.02")
    article = record("b", authors=LI, year=2020, doi="10.1000/x.1")
    assert kinds(preprint, article) == [("a", "b", "version")]


def test_a_chinese_and_an_english_report_are_perhaps_one_study_and_never_merged() -> None:
    english, chinese = record("en", authors=LI, year=2020), record("zh", ZH_TITLE, ZH_ABSTRACT, year=2021)
    assert kinds(english, chinese) == [("en", "zh", "same study?")]
    other = record("zh", ZH_TITLE, "对75例患者随访6个月，有效率88.1%。", year=2021)
    assert kinds(english, other) == []


def test_two_reports_with_one_trial_number_are_perhaps_one_study() -> None:
    first = record("a", "Main results of a trial of colchicine", "Registered as NCT01234567. It worked.")
    second = record("b", "Quality of life with colchicine after two years", "Trial NCT01234567, secondary outcome.")
    third = record("c", "Allopurinol in heart failure", "Trial NCT07654321.")
    assert kinds(first, second, third) == [("a", "b", "same study?")]


def test_the_fullest_record_is_kept_and_a_chain_never_joins_two_numbers() -> None:
    bare = record("bare", text="", authors=LI, year=2020)
    full = record("full", pmid="1", doi="10.1000/a", authors=LI, year=2020, journal="Gout")
    another = record("other", pmid="2", authors=LI, year=2020)
    found = kinds(bare, full, another)
    assert ("full", "bare", "duplicate") in found
    assert ("full", "other", "duplicate") not in found
    assert ("other", "bare", "duplicate") not in found


PUBMED = """<?xml version="1.0"?><PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID>11</PMID><Article><ArticleTitle>Gout and wine</ArticleTitle>
<Abstract><AbstractText>Wine helps.</AbstractText></Abstract></Article><CommentsCorrectionsList>
<CommentsCorrections RefType="RetractionIn"><RefSource>BMJ 2020</RefSource><PMID>99</PMID></CommentsCorrections>
</CommentsCorrectionsList></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>12</PMID><Article><ArticleTitle>Gout and beer</ArticleTitle></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="ExpressionOfConcernIn"><PMID>98</PMID></CommentsCorrections>
</CommentsCorrectionsList></MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>13</PMID><Article><ArticleTitle>Gout and ice</ArticleTitle></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="CommentIn"><PMID>97</PMID></CommentsCorrections>
</CommentsCorrectionsList></MedlineCitation></PubmedArticle></PubmedArticleSet>"""
NBIB = """PMID- 21
TI  - Gout and cherries
RIN - BMJ. 2020;1. PMID: 95

PMID- 22
TI  - Retraction: Gout and plums
ROF - BMJ. 2019;1. PMID: 23

PMID- 23
TI  - Gout and plums

"""


def flagged(*paths: Path, watch: Path | None = None) -> dict[str, list[str]]:
    records, _ = records_of(paths)
    found = flags_of(records, read_watch(watch) if watch else None)
    return {key: list(dict.fromkeys(one.kind for one in flags)) for key, flags in found.items()}


def test_pubmeds_notices_say_what_is_retracted_and_what_is_under_concern(tmp_path: Path) -> None:
    path = tmp_path / "pubmed.xml"
    path.write_text(PUBMED, encoding="utf-8")
    assert flagged(path) == {"11": ["retracted"], "12": ["concern"]}


def test_a_notice_among_the_records_flags_the_paper_it_is_about(tmp_path: Path) -> None:
    path = tmp_path / "saved.nbib"
    path.write_text(NBIB, encoding="utf-8")
    assert flagged(path) == {"21": ["retracted"], "22": ["notice"], "23": ["retracted"]}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: Gout and wine", "retracted"),
        ("[Retracted] Gout and wine", "retracted"),
        ("RETRACTED ARTICLE: Gout and wine", "retracted"),
        ("撤稿：痛风与红酒", "retracted"),
        ("WITHDRAWN: Gout and wine", "withdrawn"),
        ("Retraction notice to “Gout and wine”", "notice"),
        ("Expression of concern: Gout and wine", "notice"),
        ("Retracted papers in rheumatology: a survey", None),
        ("Withdrawn patients in trials of gout", None),
        ("撤稿论文的特征分析", None),
    ],
)
def test_a_title_tells_a_retraction_and_a_study_of_retractions_is_none(title: str, kind: str | None) -> None:
    found = flags_of([record("a", title, "")])
    assert [one.kind for one in found.get("a", [])] == ([kind] if kind else [])


WATCH = "Record ID,OriginalPaperPubMedID,OriginalPaperDOI,RetractionNature,RetractionDate,Reason\n"


def test_retraction_watch_is_matched_by_number_or_doi_and_its_last_word_counts(tmp_path: Path) -> None:
    path, records = tmp_path / "watch.csv", tmp_path / "r.csv"
    rows = "1,0,10.1000/A,Retraction,3/9/2021 0:00,\n2,7,unavailable,Retraction,1/1/2020 0:00,\n"
    path.write_text(WATCH + rows + "3,7,,Reinstatement,1/1/2022 0:00,\n4,8,,Expression of concern,1/1/2022 0:00,\n")
    records.write_text("id,title,abstract,doi,pmid\na,A,x,10.1000/a,\nb,B,x,,7\nc,C,x,,8\nd,D,x,,\n")
    assert flagged(records, watch=path) == {"a": ["retracted"], "c": ["concern"]}


def test_another_csv_is_not_taken_for_retraction_watch(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    for lang, word in (("en", "Retraction Watch"), ("zh", "缺少列")):
        with speaking(lang), pytest.raises(ColumnError, match=word):  # type: ignore[arg-type]
            read_watch(path)


def test_the_command_writes_a_line_a_record_and_changes_nothing(tmp_path: Path) -> None:
    rows, out = tmp_path / "r.csv", tmp_path / "same.jsonl"
    twins = f'a,"{TITLE}",x,Li W,2020\nb,"{TITLE}.",x,"Li, Wei",2020\n'
    text = f"id,title,abstract,authors,year\n{twins}c,RETRACTED: Gout,x,,\n"
    rows.write_text(text, encoding="utf-8")
    code, said = call("literature", "duplicates", str(rows), "-o", str(out), "--json")
    told = json.loads(said.splitlines()[-1])
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert (code, told["duplicate"], told["retracted"]) == (0, 1, 1)
    assert [line["duplicate_of"] for line in lines] == [None, "a", None]
    assert lines[2]["flags"][0]["kind"] == "retracted"
    assert rows.read_text(encoding="utf-8") == text
    with pytest.raises(BedsideError, match="twice"):
        call("literature", "duplicates", str(rows), "-o", str(rows))


def test_a_preprint_and_its_article_name_each_other_on_their_lines(tmp_path: Path) -> None:
    rows, out = tmp_path / "r.csv", tmp_path / "same.jsonl"
    rows.write_text(
        f'id,title,abstract,authors,year,doi\np,"{TITLE}",x,"Wei Li; Fang Wang",2019,10.1101/2019.01.02\n'
        f'a,"{TITLE}",x,"Wei Li; Fang Wang",2020,10.1000/x.1\n',
        encoding="utf-8",
    )
    assert call("literature", "duplicates", str(rows), "-o", str(out), "--json")[0] == 0
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [[(one["id"], one["kind"]) for one in line["related"]] for line in lines] == [
        [("a", "version")],
        [("p", "version")],
    ]
    assert [line["duplicate_of"] for line in lines] == [None, None]
