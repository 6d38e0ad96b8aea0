"""Chinese hospitals, organisations and addresses: what has a name of its own is found, what every town has stays."""

from __future__ import annotations

import pytest

from bedside.deid.recognisers.chinese import recognise_zh


def found(text: str, kind: str) -> set[str]:
    return {text[c.start : c.end] for c in recognise_zh(text) if c.type == kind}


@pytest.mark.parametrize(
    ("kind", "text", "shown"),
    [
        ("HOSPITAL", "转至北京协和医院治疗", "北京协和医院"),
        ("HOSPITAL", "在浙大一院就诊", "浙大一院"),
        ("HOSPITAL", "在301医院复查", "301医院"),
        ("HOSPITAL", "华中科技大学同济医学院附属协和医院", "华中科技大学同济医学院附属协和医院"),
        ("ORG", "就读于湖南师范大学", "湖南师范大学"),
        ("ORG", "工作单位：济南钢铁集团有限公司", "济南钢铁集团有限公司"),
        ("ADDRESS", "家住苏州市吴中区木渎镇金山路66号香溪花园3幢501室", "苏州市吴中区木渎镇金山路66号香溪花园3幢501室"),
        ("ADDRESS", "籍贯：山东", "山东"),
        ("ADDRESS", "曾到过武汉", "武汉"),
    ],
)
def test_a_place_with_a_name_is_found(kind: str, text: str, shown: str) -> None:
    assert shown in found(text, kind)


@pytest.mark.parametrize(
    "text",
    [
        "今来我院，曾在外院、当地医院、县医院及某三甲医院就诊",
        "收入呼吸内科，请心内科会诊，床旁超声",
        "云南白药外用，广州管圆线虫抗体阴性，长春新碱2mg",
        "汉族，中国籍，小学文化，已退休",
        "建议到正规医院复诊，社区医院监测血压",
    ],
)
def test_what_every_town_has_stays(text: str) -> None:
    assert recognise_zh(text) == []
