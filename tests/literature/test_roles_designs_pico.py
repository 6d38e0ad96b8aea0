"""Roles of sentences, study designs, PICO and key terms, in both languages, with what looks alike and is not."""

from __future__ import annotations

import pytest

from bedside.cleaning.sentences import LONGEST, spans
from bedside.literature._base import Paper
from bedside.literature.design import design_of
from bedside.literature.pico import pico_of
from bedside.literature.roles import ROLES, roles_of
from bedside.literature.terms import terms_of


def _paper(text: str, title: str = "", **more: object) -> Paper:
    return Paper(id="1", title=title, text=text, **more)  # type: ignore[arg-type]


UNSTRUCTURED = [
    (
        "The aim of this study was to determine whether ice relieves acute gout. "
        "Sixty patients were randomly assigned to ice or no ice for one week. Pain was measured on a visual scale. "
        "Mean pain fell by 3.1 points with ice and 1.2 points without (p < 0.01). Two patients had skin irritation. "
        "Ice is a simple and effective treatment of acute gout.",
        "objective methods methods results results conclusions",
    ),
    (
        "脑卒中是我国成人致死致残的首要原因。本研究旨在探讨早期康复对脑卒中患者运动功能的影响。"
        "选取2019年1月至2020年12月收治的98例脑卒中患者，随机分为观察组和对照组，各49例。对照组给予常规护理，观察组给予早期康复训练。"
        "观察组Fugl-Meyer评分高于对照组，差异有统计学意义（P<0.05）。早期康复可有效改善脑卒中患者的运动功能，值得临床推广。",
        "background objective methods results conclusions",
    ),
    (
        "目前关于维生素D与妊娠糖尿病关系的研究结论尚存在争议。本研究旨在评价维生素D水平与妊娠糖尿病的关系。"
        "检索PubMed、Embase和中国知网等数据库，纳入队列研究。共纳入12项研究，包括8 310名孕妇。"
        "维生素D缺乏者妊娠糖尿病风险升高（OR=1.45，95%CI 1.20～1.76）。综上所述，孕期应重视维生素D水平的监测。",
        "background objective methods results results conclusions",
    ),
]


@pytest.mark.parametrize(("text", "roles"), UNSTRUCTURED, ids=["gout", "stroke", "vitamin D"])
def test_an_abstract_without_headings_is_parted_into_roles(text: str, roles: str) -> None:
    wanted = roles.split()
    found = roles_of(_paper(text))
    assert [one.by for one in found] == ["model"] * len(found)
    assert list(dict.fromkeys(one.role for one in found)) == list(dict.fromkeys(wanted))


def test_a_heading_decides_whatever_the_sentence_looks_like() -> None:
    text = "RESULTS: We aimed high. CONCLUSIONS: Pain fell by 30% (p<0.01)."
    from bedside.literature._headings import headed

    found = roles_of(_paper(text, sections=headed(text)))
    assert [(one.role, one.by, one.probability) for one in found] == [
        ("results", "heading", 1.0),
        ("conclusions", "heading", 1.0),
    ]


def test_roles_stand_where_their_sentences_do() -> None:
    text = UNSTRUCTURED[0][0]
    assert [text[one.start : one.end] for one in roles_of(_paper(text))] == [text[a:b] for a, b in spans(text)]
    assert {one.role for one in roles_of(_paper(text))} <= set(ROLES)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Pain fell (5.2% vs. 8.0%; P = .03). It rose.", 2),
        ("E. coli grew in 3 of 5 dishes. None else did.", 2),
        ("We used aspirin (e.g. 75 mg) daily. All took it.", 2),
        ("观察组有效率高（93.3%；56/60）。对照组低。", 2),
        ("The S. aureus isolates vs. controls differed", 1),
    ],
)
def test_points_and_brackets_that_end_no_sentence(text: str, sentences: int) -> None:
    assert len(list(spans(text))) == sentences


@pytest.mark.parametrize("text", ["patients " * 500, "1" * 3000, "观察组" * 1000, "(95% CI " * 300])
def test_a_text_without_ends_is_cut_so_that_it_can_be_read(text: str) -> None:
    found = list(spans(text))
    assert max(end - start for start, end in found) <= LONGEST
    assert "".join(text[start:end] for start, end in found).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    ("title", "text", "types", "design"),
    [
        ("Ice in gout", "Sixty men were randomly assigned to ice or none.", (), "rct"),
        ("Ice in gout: a meta-analysis of randomised trials", "We pooled 12 trials.", (), "meta-analysis"),
        ("Ice in gout", "Men with gout were compared.", ("Randomized Controlled Trial",), "rct"),
        ("Ice in gout: protocol for a randomised controlled trial", "Sixty men will be randomised.", (), "protocol"),
        ("Gout and wine: a case-control study", "We compared 100 cases and controls.", (), "case-control"),
        ("Gout in rats", "Male Wistar rats were randomly divided into two groups.", (), "animal"),
        ("An unusual gout", "We report a 45-year-old man with gout of the spine.", (), "case report"),
        ("Gout and death", "A cohort of 5,000 men was followed for 10 years.", (), "cohort"),
        ("Gout", "", ("Practice Guideline",), "guideline"),
        ("Gout today", "In this review, we discuss gout.", ("Review",), "review"),
        ("Wine", "It tastes good.", (), ""),
        ("冰敷治疗痛风的随机对照试验", "将60例患者随机分为两组。", (), "rct"),
        ("饮酒与痛风的病例对照研究", "选取痛风患者100例为病例组。", (), "case-control"),
        ("冰敷治疗痛风疗效的Meta分析", "检索PubMed、中国知网等数据库。", (), "meta-analysis"),
        ("痛风诊疗指南（2019）", "提出推荐意见。", (), "guideline"),
        ("痛风大鼠模型的建立", "SD大鼠30只随机分为3组。", (), "animal"),
        ("脊柱痛风1例报告", "患者，男，45岁。", (), "case report"),
        ("痛风的研究进展", "本文就痛风的发病机制作一综述。", (), "review"),
    ],
)
def test_the_design_of_a_study(title: str, text: str, types: tuple[str, ...], design: str) -> None:
    assert design_of(_paper(text or title, title, types=types)).name == design


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "We randomly assigned 120 adults with acute gout to receive colchicine or placebo. "
            "The primary outcome was pain at 24 hours.",
            {
                "population": "120 adults with acute gout",
                "intervention": "colchicine",
                "comparator": "placebo",
                "outcome": "pain at 24 hours",
            },
        ),
        (
            "We compared laparoscopic surgery with open surgery in women with endometriosis.",
            {
                "population": "women with endometriosis",
                "intervention": "laparoscopic surgery",
                "comparator": "open surgery",
            },
        ),
        (
            "选取120例急性痛风患者，随机分为两组。观察组给予秋水仙碱治疗，对照组给予安慰剂治疗。主要结局指标为24小时疼痛评分。",
            {
                "population": "120例急性痛风患者",
                "intervention": "秋水仙碱",
                "comparator": "安慰剂",
                "outcome": "24小时疼痛评分",
            },
        ),
    ],
)
def test_who_what_against_what_and_what_was_looked_at(text: str, wanted: dict[str, str]) -> None:
    paper = _paper(text)
    found = pico_of(paper, roles_of(paper))
    assert all(text[one.start : one.end] == one.text for one in found)
    for element, words in wanted.items():
        assert words in [one.text for one in found if one.element == element], (element, found)


def test_key_terms_are_what_the_paper_is_about_and_stand_where_they_say() -> None:
    text = "Acute gout hurts. Colchicine eased acute gout in most patients. Colchicine has side effects."
    found = terms_of(_paper(text, "Colchicine for acute gout"))
    assert {"acute gout", "colchicine"} <= {one.text.lower() for one in found[:3]}
    assert all(text[one.start : one.end] == one.text for one in found if one.start >= 0)
    assert not {"patients", "most"} & {one.text.lower() for one in found}


def test_chinese_key_terms_are_whole_words() -> None:
    found = terms_of(_paper("秋水仙碱可缓解急性痛风性关节炎患者的疼痛。秋水仙碱安全。", "秋水仙碱治疗急性痛风性关节炎"))
    assert "秋水仙碱" in [one.text for one in found]
    assert not {"患者", "的"} & {one.text for one in found}
