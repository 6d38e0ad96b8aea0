"""Files of rules: all faults are told together, each with file, rule and key; tables expand; ids are unique."""

from __future__ import annotations

from pathlib import Path

import pytest
from _ward_rules import GOOD, write

from bedside.errors import ConfigError, UsageError
from bedside.rules import read_rules, shipped, together

TABLE = """
[template.pair]
id = "ward.{a}-{b}"
kind = "interaction"
title = { en = "{a} with {b}", zh = "{a} 与 {b}" }
when = "'{a}' in proposed and '{b}' in takes"
severity = "warning"
reason = { en = "Seen on ward 5: {note}.", zh = "5 病区：{note}。" }
source = "Ward 5"
year = 2024

[[pair]]
a = "ibuprofen"
b = "warfarin"
note = "bleeding"
yes = [{ lang = "en", chart = { medications = ["warfarin 3 mg"] }, proposal = "Give ibuprofen 400 mg." }]
no = [{ lang = "en", chart = { medications = ["warfarin 3 mg"] }, proposal = "Avoid ibuprofen." }]
"""


def test_a_rule_is_read_with_its_cases(tmp_path: Path) -> None:
    (rule,) = read_rules(write(tmp_path, GOOD))
    assert (rule.id, rule.severity, [one.fires for one in rule.cases]) == ("ward.potassium", "critical", [True, False])


def test_a_row_of_a_table_is_a_rule(tmp_path: Path) -> None:
    (rule,) = read_rules(write(tmp_path, TABLE))
    assert (rule.id, rule.when.written) == (
        "ward.ibuprofen-warfarin",
        "'ibuprofen' in proposed and 'warfarin' in takes",
    )
    assert rule.reason.zh == "5 病区：bleeding。"


def test_every_fault_is_told_at_once_with_its_file_rule_and_key(tmp_path: Path) -> None:
    bad = GOOD.replace('severity = "critical"', 'severity = "fatal"\ncolour = "red"').replace(
        "labs.potassium >", "labs.potasium >"
    )
    other = GOOD.replace("year = 2024\n", "").replace("ward.potassium", "ward.other")
    write(tmp_path, bad, "a.toml")
    write(tmp_path, other, "b.toml")
    write(tmp_path, "not toml", "c.toml")
    with pytest.raises(ConfigError) as refused:
        read_rules(tmp_path)
    told = "\n".join(refused.value.faults)
    for fault in (
        "a.toml: ward.potassium: severity",
        "a.toml: ward.potassium: colour: unknown key",
        "c.toml: not TOML",
    ):
        assert fault in told
    assert "b.toml: ward.other: year: must be given" in told


def test_a_rule_without_a_case_at_which_it_is_silent_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no"):
        read_rules(write(tmp_path, GOOD.split("no = ")[0]))


def test_an_unknown_key_of_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="remark: unknown key"):
        read_rules(write(tmp_path, TABLE + 'remark = "x"\n'))


def test_an_id_stands_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="taken by a rule in"):
        read_rules(write(tmp_path, GOOD + GOOD))
    (mine,) = read_rules(write(tmp_path, GOOD.replace("ward.potassium", shipped()[0].id)))
    with pytest.raises(ConfigError, match=r"bedside:"):
        together(shipped(), [mine])


def test_a_folder_without_rules_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no rules"):
        read_rules(tmp_path)
