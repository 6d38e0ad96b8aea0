"""病案首页: one row is one discharge, whichever of the three ways of naming its columns a hospital uses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.errors import FormatError
from bedside.formats._base import Problem, ReadOptions
from bedside.formats._choose import read_any
from bedside.formats._front_sheet.discharge import ICD_9_CM_3, ICD_10
from bedside.formats.front_sheet import FORMAT
from bedside.types import Entry, RawChart

PINYIN = {
    "USERNAME": "某市第一医院",
    "BAH": "0012345",
    "XM": "王小明",
    "XB": "1",
    "CSRQ": "19500302",
    "NL": "74",
    "SFZH": "110101195003020015",
    "XZZ": "某市某路1号",
    "DH": "13800138000",
    "RYSJ": "2024-03-01",
    "RYSJS": "8",
    "RYKB": "心内科",
    "CYSJ": "2024-03-09",
    "SJZYTS": "8",
    "MZZD": "胸痛",
    "MZZDDM": "R07.400",
    "ZYZD": "急性心肌梗死",
    "JBDM": "I21.900",
    "RYBQ": "1",
    "QTZD1": "高血压病3级",
    "JBDM1": "I10.x05",
    "RYBQ1": "1",
    "SSJCZBM1": "36.0600",
    "SSJCZRQ1": "2024-03-02",
    "SSJCZMC1": "冠状动脉支架置入术",
    "SZ1": "李强",
    "LYFS": "1",
    "ZFY": "35210.55",
    "ZZYS": "赵敏",
    "自定义列": "留着",
}
CHINESE_HEADERS = (
    "医疗机构名称 病案号 姓名 性别 出生日期 年龄 身份证号 现住址 电话 入院时间 入院时间(时) 入院科别 出院时间 "
    "实际住院天数 门（急）诊诊断 门（急）诊诊断编码 主要诊断 疾病编码 入院病情 其他诊断1 其他诊断1编码 "
    "其他诊断入院病情1 手术及操作编码1 手术及操作日期1 手术及操作名称1 术者1 离院方式 总费用 主治医师 自定义列"
)
HQMS_HEADERS = (
    "P6891 P3 P4 P5 P6 P7 P13 P801 P802 P22 RYSJS P23 P25 P27 P281 P28 P322 P321 P805 P325 P324 P806 P490 P491 P492 "
    "SZ1 P741 P782 P433 自定义列"
)
CHINESE = dict(zip(CHINESE_HEADERS.split(), PINYIN.values(), strict=True))
HQMS = dict(zip(HQMS_HEADERS.split(), PINYIN.values(), strict=True))


def sheet(folder: Path, *rows: dict[str, str], encoding: str = "gb18030") -> Path:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path = folder / "首页.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def read(path: Path, **options: object) -> tuple[list[RawChart], list[Problem]]:
    found = list(FORMAT.read(path, ReadOptions(**options)))
    return [x for x in found if isinstance(x, RawChart)], [x for x in found if isinstance(x, Problem)]


def of_kind(chart: RawChart, kind: str) -> list[Entry]:
    return [entry for entry in chart.entries if entry.kind == kind]


@pytest.mark.parametrize("row", [PINYIN, CHINESE, HQMS], ids=["pinyin", "chinese", "hqms"])
def test_a_discharge_is_an_encounter_with_coded_diagnoses_and_procedures(tmp_path: Path, row: dict[str, str]) -> None:
    path = sheet(tmp_path, row)
    assert FORMAT.sniff(path.read_bytes(), path.name)
    (chart,), problems = read(path)
    assert problems == []
    assert (chart.patient, chart.sex, chart.birth_date) == ("0012345", "male", "1950-03-02")
    (stay,) = of_kind(chart, "Encounter")
    assert (stay.time, stay.codes[0].display) == ("2024-03-01T08:00:00", "医嘱离院")
    coded = [(entry.codes[0].system, entry.codes[0].code, entry.time) for entry in of_kind(chart, "Condition")]
    assert coded == [
        (ICD_10, "R07.400", "2024-03-01T08:00:00"),
        (ICD_10, "I21.900", "2024-03-09"),
        (ICD_10, "I10.x05", "2024-03-09"),
    ]
    (operation,) = of_kind(chart, "Procedure")
    assert (operation.codes[0].system, operation.codes[0].code, operation.time) == (ICD_9_CM_3, "36.0600", "2024-03-02")


def test_identity_is_set_apart_and_no_other_column_is_lost(tmp_path: Path) -> None:
    (chart,), _ = read(sheet(tmp_path, PINYIN))
    known = {(identifier.type, identifier.value) for identifier in chart.identifiers}
    assert known >= {("NAME", "王小明"), ("STAFF", "李强"), ("STAFF", "赵敏"), ("ID", "110101195003020015")}
    text = "\n".join(entry.text for entry in chart.entries)
    assert "自定义列: 留着" in text
    assert "总费用: 35210.55" in text
    assert not any(value in text for value in ("王小明", "李强", "赵敏", "13800138000", "某路"))


def test_doubtful_rows_are_kept_and_named(tmp_path: Path) -> None:
    odd = {
        **PINYIN,
        "BAH": "-",
        "SFZH": "-",
        "CSRQ": "19500231",
        "JBDM": "心梗",
        "CYSJ": "2024-02-01",
        "SSJCZBM1": "支架",
    }
    charts, problems = read(sheet(tmp_path, odd, PINYIN))
    assert len(charts) == 2
    assert len(problems) == 5
    assert all(problem.place.startswith("line 2") for problem in problems)
    assert not any(
        value in problem.what + problem.place for problem in problems for value in ("心梗", "王小明", "1950")
    )


def test_an_ordinary_table_is_not_taken_for_a_front_sheet(tmp_path: Path) -> None:
    path = tmp_path / "notes.csv"
    path.write_text("姓名,性别,病历内容\n王小明,男,胸痛\n")
    assert not FORMAT.sniff(path.read_bytes(), path.name)
    with pytest.raises(FormatError):
        read(path)


def test_the_patient_may_stand_in_another_column(tmp_path: Path) -> None:
    (chart,), _ = read(sheet(tmp_path, {**PINYIN, "院内主索引": "M77"}), columns={"patient": "院内主索引"})
    assert chart.patient == "M77"


def test_a_front_sheet_in_excel_or_json_lines_is_found_by_its_columns(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(list(CHINESE))
    book.active.append(list(CHINESE.values()))
    book.save(tmp_path / "首页.xlsx")
    (tmp_path / "首页.jsonl").write_text(json.dumps(PINYIN, ensure_ascii=False) + "\n", encoding="utf-8")
    for name in ("首页.xlsx", "首页.jsonl"):
        kinds = {kind for kind, _ in read_any(tmp_path / name, ReadOptions())}
        assert kinds == {"front_sheet"}, name


def test_a_user_who_maps_the_columns_gets_a_plain_table(tmp_path: Path) -> None:
    path = sheet(tmp_path, PINYIN)
    assert {kind for kind, _ in read_any(path, ReadOptions(columns={"text": "ZYZD"}))} == {"table"}


TODAY = {
    "USERNAME": "某市第一医院",
    "A48": "0012345",
    "A49": "2",
    "A11": "张三",
    "A12C": "1",
    "A13": "1950-03-02",
    "A14": "74",
    "A20": "110101195003020015",
    "A22": "某省某县",
    "A27": "13800138000",
    "A29": "某某机械厂",
    "A32": "李梅",
    "B12": "2024-03-01 08:00:00",
    "B15": "2024-03-09 10:00:00",
    "B24": "赵敏",
    "C03C": "I21.900",
    "C04N": "急性心肌梗死",
    "C05C": "1",
    "C06x01C": "I10.x05",
    "C07x01N": "高血压病3级",
    "C14x01C": "36.0600",
    "C15x01N": "冠状动脉支架置入术",
    "C16x01": "2024-03-02",
    "C18x01": "李强",
    "C35x01C": "88.5500",
    "C36x01N": "单根导管的冠状动脉造影术",
    "C44x01": "孙丽",
    "D01": "35210.55",
    "D13": "120",
    "F99": "王五",
    "F98": "3",
}


def test_today_s_hqms_codes_give_diagnoses_operations_and_charges(tmp_path: Path) -> None:
    path = sheet(tmp_path, TODAY)
    assert FORMAT.sniff(path.read_bytes(), path.name)
    (chart,), problems = read(path)
    assert (chart.patient, chart.sex, chart.birth_date) == ("0012345", "male", "1950-03-02")
    coded = [(entry.text, entry.codes[0].code) for entry in of_kind(chart, "Condition")]
    assert coded == [("急性心肌梗死", "I21.900"), ("高血压病3级", "I10.x05")]
    assert [entry.codes[0].code for entry in of_kind(chart, "Procedure")] == ["36.0600", "88.5500"]
    texts = [entry.text for entry in of_kind(chart, "Observation")]
    assert {"总费用: 35210.55", "护理费: 120"} <= set(texts)
    assert ["F99" in problem.what for problem in problems] == [True]


def test_no_name_stands_in_an_entry_under_a_code_and_an_unknown_code_counts_as_identity(tmp_path: Path) -> None:
    (chart,), _ = read(sheet(tmp_path, TODAY))
    known = {identifier.value for identifier in chart.identifiers}
    people = {
        "张三",
        "李梅",
        "赵敏",
        "李强",
        "孙丽",
        "王五",
        "110101195003020015",
        "13800138000",
        "某某机械厂",
        "某省某县",
    }
    assert known >= people
    text = "\n".join(entry.text for entry in chart.entries)
    assert not any(value in text for value in people)
    assert "F98: 3" in text


def test_the_fewest_codes_with_a_name_are_no_plain_table(tmp_path: Path) -> None:
    path = sheet(tmp_path, {"A48": "0012345", "A11": "张三", "A12C": "2"})
    assert {kind for kind, _ in read_any(path, ReadOptions())} == {"front_sheet"}
    vitamins = {"姓名": "张三", "B12": "300", "D25": "20"}
    wells = {"plate": "7", "A01": "0.1", "A02": "0.2", "A11": "0.3", "B12": "0.4"}
    for other in (vitamins, wells):
        assert {kind for kind, _ in read_any(sheet(tmp_path, other), ReadOptions())} == {"table"}
