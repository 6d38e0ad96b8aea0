"""Versions of models: taken in whole, promoted past gates that were run, rolled back in one step, never two live."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bedside.clinic._database import Conflict, Database
from bedside.clinic._tables import model_acts
from bedside.clinic._tables import models as table
from bedside.clinic.models.gates import MARGIN, TOLERANCE, gates
from bedside.clinic.models.registry import Models, Version
from bedside.errors import ModelError, ModelTampered, UsageError
from bedside.lang import speaking
from bedside.model.manifest import write_manifest
from bedside.receipt import file_sha256

WHY = "fewer misses in March"


@pytest.fixture
def models(database: Database, tmp_path: Path) -> Models:
    return Models(database, tmp_path / "data", b"k" * 32)


def folder(place: Path, *, weights: str = "a", labels: tuple[str, ...] = ("no", "yes"), fitted_on: str = "t1") -> Path:
    """A model folder as the registry sees one: settings, recipe, receipt, manifest."""
    place.mkdir(parents=True)
    parts = {
        "model": {"format": 2, "head": "classify", "labels": labels},
        "recipe": {"fit": {"metric": "macro_f1"}},
        "receipt": {"data_sha256": {"train": fitted_on}},
    }
    for name, values in parts.items():
        (place / f"{name}.json").write_text(json.dumps(values))
    (place / "weights").write_text(weights)
    write_manifest(place)
    return place


def measured(folder: Path, live: Path | None, gap: tuple[float, float, float], **of: Any) -> dict[str, Any]:
    """What `bedside evaluate --json --against` prints, as far as the gates read it."""
    was, (value, low, high) = 0.8, gap
    figure = {"difference": {"value": value, "low": low, "high": high}, "p": 0.5}
    hashes = {"model": file_sha256(folder / "manifest.json"), "rows": "test", "leak": {"patients": 0, "texts": 0}}
    hashes["against"] = file_sha256(live / "manifest.json") if live else None
    return {
        "n": 400,
        "n_patients": 200,
        "metrics": {"macro_f1": {"value": was + value}},
        "baselines": {"against": {"macro_f1": {"value": was}}},
        "comparison": {"against" if live else "majority": {"macro_f1": figure}},
        "measured": hashes | of,
    }


def promoted(models: Models, tmp: Path, weights: str, gap: tuple[float, float, float] = (0.1, 0.05, 0.2)) -> Version:
    """A new version, measured and made live."""
    one = models.add("triage", folder(tmp / weights, weights=weights), by="u1")
    live = models.live("triage")
    told = measured(models.place(one), models.place(live) if live else None, gap)
    models.file("triage", one.version, live.version if live else 0, told)
    return models.promote("triage", one.version, by="u1", reason=WHY)


def test_a_folder_is_copied_in_and_the_same_one_twice_is_one_version(models: Models, tmp_path: Path) -> None:
    source = folder(tmp_path / "a")
    one = models.add("triage", source, by="u1")
    assert (one.version, one.stage, one.head) == (1, "candidate", "classify")
    (source / "weights").write_text("changed afterwards")
    models.check(one)
    assert models.add("triage", models.place(one), by="u1") == one
    assert models.add("triage", folder(tmp_path / "b", weights="b"), by="u1").version == 2


@pytest.mark.parametrize("name", ["..", ".hidden", "a/b", "", "a b", "x" * 65])
def test_a_name_that_could_leave_its_folder_is_refused(models: Models, tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="not a name"):
        models.add(name, folder(tmp_path / "a"), by="u1")


def test_a_folder_that_was_changed_or_is_none_is_not_taken_in(models: Models, tmp_path: Path) -> None:
    source = folder(tmp_path / "a")
    (source / "weights").write_text("b")
    with pytest.raises(ModelTampered):
        models.add("triage", source, by="u1")
    with pytest.raises(ModelError):
        models.add("triage", tmp_path, by="u1")
    assert models.all() == []


def test_without_a_measurement_nothing_is_heard_but_a_shadow_may_listen(models: Models, tmp_path: Path) -> None:
    models.add("triage", folder(tmp_path / "a"), by="u1")
    with pytest.raises(ModelError, match=r"measured \(not run\)"):
        models.promote("triage", 1, by="u1", reason=WHY)
    with pytest.raises(ModelError, match="not run"):
        models.promote("triage", 1, by="u1", reason=WHY, to="shadow", share=0.1)
    with speaking("zh"), pytest.raises(ModelError, match="未运行"):
        models.promote("triage", 1, by="u1", reason=WHY)
    assert models.promote("triage", 1, by="u1", reason=WHY, to="shadow").stage == "shadow"
    assert models.live("triage") is None


def test_a_better_version_takes_the_place_of_the_live_one(models: Models, tmp_path: Path) -> None:
    promoted(models, tmp_path, "a")
    promoted(models, tmp_path, "b")
    assert {one.version: one.stage for one in models.all("triage")} == {1: "retired", 2: "live"}


@pytest.mark.parametrize(
    ("gap", "is_open"),
    [
        ((0.02, -0.01, 0.05), True),
        ((-0.005, -0.03, 0.02), True),
        ((-0.02, -0.03, -0.01), False),  # worse by more than the tolerance
        ((0.03, -0.08, 0.14), False),  # better, on so few patients that it may as well be much worse
    ],
)
def test_a_version_is_heard_only_where_it_is_not_worse(
    models: Models, tmp_path: Path, gap: tuple[float, float, float], is_open: bool
) -> None:
    promoted(models, tmp_path, "a")
    if is_open:
        assert promoted(models, tmp_path, "b", gap).stage == "live"
        return
    with pytest.raises(
        ModelError,
        match=re.escape(f"not worse than the live one (macro_f1 0.8000 -> {0.8 + gap[0]:.4f}, {gap[0]:+.4f}"),
    ):
        promoted(models, tmp_path, "b", gap)
    live = models.live("triage")
    assert live is not None
    assert live.version == 1


@given(st.floats(-1, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_gate_is_the_two_bounds_and_nothing_else(value: float, below: float, above: float) -> None:
    from bedside.clinic.models.gates import _not_worse

    told = measured_alone(value, value - below, value + above)
    gate = _not_worse("macro_f1", told, told["comparison"]["against"]["macro_f1"])
    assert gate.open == (value >= -TOLERANCE and value - below > -MARGIN)
    lower = {**told, "metrics": {"brier": {"value": 0.2}}, "baselines": {"against": {"brier": {"value": 0.2}}}}
    turned = {"difference": {"value": -value, "low": -(value + above), "high": -(value - below)}}
    assert _not_worse("brier", lower, turned).open == gate.open


def measured_alone(value: float, low: float, high: float) -> dict[str, Any]:
    return {
        "metrics": {"macro_f1": {"value": 0.8 + value}},
        "baselines": {"against": {"macro_f1": {"value": 0.8}}},
        "comparison": {"against": {"macro_f1": {"difference": {"value": value, "low": low, "high": high}}}},
    }


@pytest.mark.parametrize(
    ("of", "closed"),
    [
        ({"model": "another folder"}, "measured"),
        ({"against": "another folder"}, "measured"),
        ({"rows": "t1"}, "apart"),
        ({"leak": {"patients": 3, "texts": 0}}, "apart"),
        ({"leak": {"patients": 0, "texts": 2}}, "apart"),
    ],
)
def test_a_measurement_of_other_folders_or_of_rows_learnt_from_opens_no_gate(
    tmp_path: Path, of: dict[str, Any], closed: str
) -> None:
    model, live = folder(tmp_path / "a"), folder(tmp_path / "b", weights="b")
    good = gates(measured(model, live, (0.1, 0.05, 0.2)), model, live)
    assert all(gate.open for gate in good)
    bad = gates(measured(model, live, (0.1, 0.05, 0.2), **of), model, live)
    assert [gate.name for gate in bad if not gate.open] == [closed]


def test_a_version_with_other_labels_is_another_model(tmp_path: Path) -> None:
    model, live = folder(tmp_path / "a", labels=("no", "maybe")), folder(tmp_path / "b")
    found = gates(measured(model, live, (0.1, 0.05, 0.2)), model, live)
    assert [gate.name for gate in found if not gate.open] == ["same_answers"]


def test_a_figure_that_nobody_could_measure_is_a_closed_gate(tmp_path: Path) -> None:
    model, live = folder(tmp_path / "a"), folder(tmp_path / "b", weights="b")
    told = measured(model, live, (0.1, 0.05, 0.2)) | {"comparison": {}}
    assert [gate.name for gate in gates(told, model, live) if not gate.open] == ["not_worse"]
    assert [
        gate.name
        for gate in gates(told | {"measured": measured(model, None, (0, 0, 0))["measured"]}, model, None)
        if not gate.open
    ] == ["better"]


def test_the_gates_are_asked_again_when_another_has_become_live(models: Models, tmp_path: Path) -> None:
    promoted(models, tmp_path, "a")
    one = models.add("triage", folder(tmp_path / "c", weights="c"), by="u1")
    live = models.live("triage")
    assert live is not None
    models.file("triage", one.version, 1, measured(models.place(one), models.place(live), (0.1, 0.05, 0.2)))
    promoted(models, tmp_path, "b")
    with pytest.raises(ModelError, match="not run"):
        models.promote("triage", one.version, by="u1", reason=WHY)


def test_one_step_leads_back_and_passes_over_a_corrupt_folder(models: Models, tmp_path: Path) -> None:
    versions = [promoted(models, tmp_path, weights) for weights in "abc"]
    (models.place(versions[1]) / "weights").write_text("a bad disk")
    assert models.rollback("triage", by="u2", reason="false alarms").version == 1
    assert {one.version: one.stage for one in models.all("triage")} == {1: "live", 2: "retired", 3: "retired"}
    last = models.acts("triage")[0]
    assert (last.act, last.version, last.user_id, last.reason) == ("rollback", 1, "u2", "false alarms")


def test_where_there_is_no_earlier_version_there_is_no_way_back(models: Models, tmp_path: Path) -> None:
    promoted(models, tmp_path, "a")
    with pytest.raises(UsageError, match="no earlier version"):
        models.rollback("triage", by="u1", reason=WHY)


def test_a_corrupt_candidate_is_not_promoted(models: Models, tmp_path: Path) -> None:
    promoted(models, tmp_path, "a")
    one = models.add("triage", folder(tmp_path / "b", weights="b"), by="u1")
    place = models.place(one)
    (place / "weights").write_text("x")
    write_manifest(place)  # whole in itself, and not what was registered
    with pytest.raises(ModelTampered):
        models.promote("triage", one.version, by="u1", reason=WHY, to="shadow")


def test_the_database_itself_never_holds_two_live_versions(models: Models, tmp_path: Path) -> None:
    promoted(models, tmp_path, "a")
    promoted(models, tmp_path, "b")
    with pytest.raises(Conflict), models.database.write() as db:
        db.execute(update(table).where(table.c.version == 1).values(stage="live"))


def test_a_canary_answers_a_part_and_only_one_shadow_listens(models: Models, tmp_path: Path) -> None:
    promoted(models, tmp_path, "a")
    for weights in "bc":
        models.add("triage", folder(tmp_path / weights, weights=weights), by="u1")
    models.promote("triage", 2, by="u1", reason=WHY, to="shadow")
    models.promote("triage", 3, by="u1", reason=WHY, to="shadow")
    assert {one.version: one.stage for one in models.all("triage")} == {1: "live", 2: "candidate", 3: "shadow"}
    for share in (0.6, -0.1):
        with pytest.raises(UsageError, match="share"):
            models.promote("triage", 3, by="u1", reason=WHY, to="shadow", share=share)
    live = models.live("triage")
    assert live is not None
    models.file("triage", 3, 1, measured(models.place(models.get("triage", 3)), models.place(live), (0.1, 0.05, 0.2)))
    assert models.promote("triage", 3, by="u1", reason=WHY, to="shadow", share=0.1).share == 0.1


def test_a_retired_version_is_not_promoted_and_not_retired_again(models: Models, tmp_path: Path) -> None:
    one = promoted(models, tmp_path, "a")
    assert models.retire("triage", one.version, by="u1", reason=WHY).stage == "retired"
    assert models.live("triage") is None
    for act in (models.promote, models.retire):
        with pytest.raises(UsageError, match="stage"):
            act("triage", one.version, by="u1", reason=WHY)


def test_what_was_written_as_a_reason_stands_sealed(models: Models, tmp_path: Path) -> None:
    models.add("triage", folder(tmp_path / "a"), by="u1", reason="王小明 was missed")
    with models.database.read() as db:
        sealed = db.execute(select(model_acts.c.reason)).scalar_one()
    assert "王小明".encode() not in sealed
    assert models.acts("triage")[0].reason == "王小明 was missed"
    assert "王小明" not in repr(models.acts("triage")[0])
