"""Chinese names: people and staff are found where they stand, clinical words that look like names stay."""

from __future__ import annotations

import pytest

from bedside.deid.recognisers.chinese import recognise_zh


def named(text: str) -> set[str]:
    return {text[c.start : c.end] for c in recognise_zh(text) if c.type in ("NAME", "STAFF")}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("患者张伟诉头痛。", "张伟"),
        ("姓 名：张 伟    性 别：男", "张 伟"),
        ("由李娜陪同来院。", "李娜"),
        ("告知其女王芳病情。", "王芳"),
        ("欧阳志远，男，45岁。", "欧阳志远"),
        ("患者阿依古丽·买买提入院。", "阿依古丽·买买提"),
        ("约翰·史密斯，男，55岁", "约翰·史密斯"),
        ("患者李某某于昨日入院", "李某某"),
        ("患者王喆诉腹痛", "王喆"),
        ("手术者：王建国、李明", "李明"),
        ("请心内科王建国主任医师会诊", "王建国"),
        ("张主任查房", "张主任"),
        ("床旁告知陈女士", "陈女士"),
        ("主治醫師：黃志雄", "黃志雄"),
        ("麻醉医师Li Na访视", "Li Na"),
    ],
)
def test_a_name_is_found_in_its_context(text: str, name: str) -> None:
    assert name in named(text)


@pytest.mark.parametrize(
    "text",
    [
        "患者高热不退，安静时心率90次/分。",
        "患者黄疸加重，白蛋白28g/L。",
        "患者常感乏力，易怒，时有头晕。",
        "方药：黄芪、白术、何首乌、金银花。",
        "帕金森病，霍纳征（+），梅尼埃病待排。",
        "上级医师查房，主管医生、责任护士在场。",
        "由于明显腹痛，向家属交代病情。",
        "余未见异常，石膏固定，毛细血管充盈好。",
        "骨小梁稀疏，小叶增生，小关节紊乱。",
    ],
)
def test_clinical_words_that_begin_like_a_surname_stay(text: str) -> None:
    assert named(text) == set()


@pytest.mark.parametrize(
    ("name", "with_name", "word", "without"),
    [
        ("高原", "夜间烦躁，高原主任嘱加药。", "高原", "长期居住高原，血红蛋白偏高。"),
        ("于海", "已转告于海明日复查。", "于海", "多见于海鲜过敏者。"),
        ("买买提江·吐尔逊", "22床买买提江·吐尔逊血压升高。", "克雅", "克雅病待排。"),
        ("阿木日古", "协助阿木日古翻身拍背。", "阿莫西林", "阿莫西林口服。"),
    ],
)
def test_a_name_is_told_from_a_word_by_what_stands_beside_it(
    name: str, with_name: str, word: str, without: str
) -> None:
    assert name in {with_name[s.start : s.end] for s in recognise_zh(with_name)}
    assert not any(word in without[s.start : s.end] for s in recognise_zh(without))
