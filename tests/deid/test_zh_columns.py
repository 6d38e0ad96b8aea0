"""Tables in Chinese notes: the head of a column says what stands under it, whatever the cells look like."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.deid import find
from bedside.deid.recognisers.zh_columns import recognise_columns


def found(text: str) -> list[tuple[str, str]]:
    return [(c.type, text[c.start : c.end]) for c in recognise_columns(text)]


@pytest.mark.parametrize("mark", ["\t", "|", "｜", ","])
def test_a_bed_a_name_and_a_signature_are_known_by_their_heads(mark: str) -> None:
    rows = [["床号", "姓名", "诊断", "交班人"], ["6", "边城", "肺脓肿", "蒙蒙"], ["+2", "高峰", "咯血", "白鹭"]]
    text = "\n".join(mark.join(row) for row in rows)
    assert found(text) == [
        ("BED/ROOM", "6"), ("NAME", "边城"), ("STAFF", "蒙蒙"),
        ("BED/ROOM", "+2"), ("NAME", "高峰"), ("STAFF", "白鹭"),
    ]  # fmt: skip


def test_what_the_same_table_measures_stays() -> None:
    text = "姓名\t透析号\tKt/V\tHb\tiPTH\n康乃馨\tD012\t1.31\t112\t288\n劳有为\tD019\t1.12\t86\t902\n"
    assert {text[span.start : span.end] for span in find(text)} == {"康乃馨", "D012", "劳有为", "D019"}


@pytest.mark.parametrize(
    "text",
    [
        "项目\t结果\t单位\n白蛋白\t41\tg/L",
        "姓名\t诊断\t处理\n无\t待查\t观察",
        "床号\t姓名\t诊断\n\n高峰\t谷浓度\t正常",
        "患者|高峰时段候诊，姓名|不详",
    ],
)
def test_tables_of_results_empty_cells_and_what_follows_a_table_stay(text: str) -> None:
    assert found(text) == []


@given(st.text(alphabet="姓名床号高峰6|\t\n, ", max_size=60))
def test_any_text_gives_cells_that_stand_in_it_without_a_blank_at_their_ends(text: str) -> None:
    for kind, shown in found(text):
        assert kind in {"NAME", "BED/ROOM"}
        assert shown == shown.strip() != ""
