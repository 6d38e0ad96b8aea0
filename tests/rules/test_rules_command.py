"""`bedside rules` as a shell types it: test, list, explain, with one's own rules and with faulty ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from _ward_rules import GOOD, write

from bedside.commands._call import call
from bedside.errors import ConfigError, UnknownName
from bedside.lang import speaking


def said(*words: str) -> str:
    return call("rules", *words)[1]


def test_rules_that_do_what_their_cases_ask_pass(tmp_path: Path) -> None:
    told = said("test", str(write(tmp_path, GOOD)), "--all")
    assert "1 rule, 2 cases, 0 failed" in told
    assert "ward.potassium" in told


def test_a_case_that_fails_is_shown_and_ends_with_exit_3(tmp_path: Path) -> None:
    wrong = write(tmp_path, GOOD.replace("value = 4.1", "value = 7.1"))
    code, out = call("rules", "test", str(wrong), "--json")
    assert code == 3
    told = json.loads(out)
    assert told["failed"] == [
        {"rule": "ward.potassium", "file": str(wrong), "case": 2, "expected": False, "came": True}
    ]


def test_faulty_rules_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="severity"):
        call("rules", "test", str(write(tmp_path, GOOD.replace("critical", "fatal"))))


def test_the_list_holds_ones_own_rules(tmp_path: Path) -> None:
    told = json.loads(said("list", "--kind", "lab", "--rules", str(write(tmp_path, GOOD)), "--json"))
    assert "ward.potassium" in {rule["id"] for rule in told["rules"]}
    assert {rule["kind"] for rule in told["rules"]} == {"lab"}


def test_a_rule_is_explained_in_both_languages() -> None:
    told = said("explain", "procedure.mri-device")
    assert "the proposal would do an MRI" in told
    assert "a clinician decides" in told
    with speaking("zh"):
        assert "建议实施磁共振检查" in said("explain", "procedure.mri-device")


def test_an_unknown_rule_or_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownName, match=r"procedure\.mri-device"):
        call("rules", "explain", "procedure.mri-devise")
    with pytest.raises(UnknownName, match="sex_age"):
        call("rules", "list", "--kind", "labs")
