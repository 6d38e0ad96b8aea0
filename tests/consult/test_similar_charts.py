"""The charts most like one are found by what was known at a moment, among those that may be seen, without identity."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.charts import write_charts
from bedside.commands._call import call
from bedside.consult._similar.access import allowed_charts
from bedside.consult._similar.chart import moments, story_of
from bedside.consult._similar.files import SparseRows, summed
from bedside.consult.similar import ChartIndex, Similar, similar
from bedside.errors import BedsideError, DataError, IdentityError, UsageError
from bedside.lang import speaking
from bedside.types import Chart, Code, DeidReport, Entry, RawChart, Sex


def chart(
    id: str, *told: tuple[str, str, str] | tuple[str, str, str, float], sex: Sex = "female", age: float = 60
) -> Chart:
    """A chart of entries: kind, words, day in 2020, and a value."""
    entries = tuple(
        Entry(
            id=f"{id}-{number}",
            kind=one[0],
            text=one[1],
            time=f"2020-{one[2]}",
            codes=(Code("s", one[1].lower(), one[1]),),
            value=one[3] if len(one) > 3 else None,
            unit="g/L" if len(one) > 3 else None,
        )
        for number, one in enumerate(told)
    )
    return Chart(patient=id, sex=sex, age_years=age, entries=entries, deid=DeidReport("tag", "1"))


GOUT = chart("gout", ("Condition", "Gout", "01-01"), ("Condition", "Hypertension", "02-01"))
GOUT_TOO = chart("gout2", ("Condition", "Gout", "03-01"), ("Procedure", "Joint aspiration", "03-20"))
LUPUS = chart("lupus", ("Condition", "Lupus", "01-05"), ("Condition", "Nephritis", "05-01"))
ASTHMA = chart("asthma", ("Condition", "Asthma", "01-05"), ("Condition", "Eczema", "05-01"))


def found(folder: Path, of: Chart, *charts: Chart, **how: object) -> list[Similar]:
    with ChartIndex(folder) as index:
        index.add(charts)
        return similar(index, of, **how)  # type: ignore[arg-type]


def test_the_chart_that_shares_the_problem_comes_first(tmp_path: Path) -> None:
    first, *rest = found(tmp_path, GOUT, GOUT_TOO, LUPUS, ASTHMA)
    assert (first.id, first.shared, first.only_here) == ("gout2", ("Gout",), ("Hypertension",))
    assert first.parts["problems"] > max(one.parts["problems"] for one in rest)


def test_a_rare_problem_in_common_counts_more_than_a_frequent_one(tmp_path: Path) -> None:
    asked = chart("q", ("Condition", "Fabry", "01-01"), ("Condition", "Cough", "01-02"))
    rare = chart("rare", ("Condition", "Fabry", "01-01"), ("Condition", "Rash", "01-02"))
    frequent = [chart(f"c{n}", ("Condition", "Cough", "01-01"), ("Condition", f"Other{n}", "01-02")) for n in range(6)]
    assert found(tmp_path, asked, rare, *frequent)[0].id == "rare"


def test_what_came_after_the_moment_is_told_and_plays_no_part_in_finding(tmp_path: Path) -> None:
    asked = chart("q", ("Condition", "Gout", "01-01"))
    later = chart(
        "later",
        ("Condition", "Gout", "01-01"),
        ("Procedure", "Dialysis", "02-01"),
        ("Condition", "Kidney failure", "03-01"),
    )
    (one,) = found(tmp_path, asked, later)
    assert (one.day, one.followed_days) == (0, 60)
    assert one.only_there == ()
    assert [(thing.name, thing.days) for thing in one.done] == [("Dialysis", 31)]
    assert [(thing.name, thing.days) for thing in one.fared] == [("Kidney failure", 60)]


def test_moments_are_the_days_of_new_problems_and_the_end() -> None:
    story = story_of(
        chart(
            "m",
            ("Condition", "A", "01-01"),
            ("Condition", "A", "01-05"),
            ("Condition", "B", "01-09"),
            ("Procedure", "P", "01-20"),
        )
    )
    assert moments(story) == [0, 8, 19]


def test_values_tell_charts_apart_that_share_a_problem(tmp_path: Path) -> None:
    def anaemic(id: str, value: float) -> Chart:
        return chart(id, ("Condition", "Fatigue", "01-01"), ("Observation", "Hemoglobin", "01-01", value))

    one, other = found(tmp_path, anaemic("q", 70), anaemic("near", 74), anaemic("far", 150))
    assert (one.id, other.id) == ("near", "far")
    assert [lab[4] for lab in (*one.labs, *other.labs)] == [True, False]


@pytest.mark.parametrize(
    ("former", "later", "alike"),
    [
        ("Potassium 4.1 mmol/L", "Potassium 4.2 mmol/L", True),
        ("血钾 4.1 mmol/L", "血钾 4.2 mmol/L", True),
        ("Potassium 4.1 mmol/L", "Sodium 4.2 mmol/L", False),
    ],
)
def test_values_without_a_code_belong_together_by_what_was_measured(former: str, later: str, alike: bool) -> None:
    told = [
        Entry(id=text, kind="Observation", text=text, value=value, unit="mmol/L")
        for text, value in ((former, 4.1), (later, 4.2))
    ]
    story = story_of(Chart(patient="p", sex="female", age_years=60, entries=tuple(told), deid=DeidReport("tag", "1")))
    one, other = story.events
    assert (one.key == other.key) is alike
    assert one.name == former.split()[0]


def test_texts_tell_charts_apart_without_an_encoder(tmp_path: Path) -> None:
    def noted(id: str, text: str) -> Chart:
        return chart(id, ("DocumentReference", text, "01-01"))

    asked = noted(
        "q",
        "患者反复上腹部烧灼样疼痛，夜间明显，反酸嗳气，胃镜提示十二指肠溃疡，幽门螺杆菌阳性，予三联治疗两周后好转，无其他不适，饮食睡眠可。",
    )
    near = noted(
        "near",
        "上腹部烧灼样疼痛，夜间痛醒，反酸，胃镜见十二指肠溃疡，幽门螺杆菌检测阳性，给予抑酸及抗生素治疗，疼痛逐渐缓解，嘱复查。",
    )
    far = noted(
        "far",
        "Fell from a bicycle and broke the left wrist; the radiograph shows a fracture of the radius.",
    )
    one, other = found(tmp_path, asked, far, near)
    assert one.id == "near"
    assert one.parts["text"] > 3 * other.parts["text"]


def test_a_chart_is_never_like_itself_not_even_under_another_name(tmp_path: Path) -> None:
    def told(id: str, month: int) -> Chart:
        problems = ("Gout", "Hypertension", "Gallstones", "Cataract", "Psoriasis", "Tinnitus")
        return chart(id, *(("Condition", name, f"{month:02}-{day:02}") for day, name in enumerate(problems, 1)))

    own, renamed = told("own", 1), told("renamed", 3)
    assert [one.id for one in found(tmp_path, own, own, renamed, LUPUS)] == ["lupus"]


def test_two_patients_with_the_same_few_problems_are_two(tmp_path: Path) -> None:
    twin = chart("other", ("Condition", "Gout", "03-01"), ("Condition", "Hypertension", "04-01"))
    assert [one.id for one in found(tmp_path, GOUT, GOUT, twin)] == ["other"]


def test_a_second_run_indexes_only_what_changed(tmp_path: Path) -> None:
    with ChartIndex(tmp_path) as index:
        assert index.add([GOUT_TOO, LUPUS]) == {"new": 2, "changed": 0, "unchanged": 0}
        rows = index.rows
        assert index.add([GOUT_TOO, LUPUS]) == {"new": 0, "changed": 0, "unchanged": 2}
        assert index.rows == rows
        changed = chart("lupus", ("Condition", "Gout", "01-05"))
        assert index.add([changed, ASTHMA]) == {"new": 1, "changed": 1, "unchanged": 0}
    with ChartIndex(tmp_path) as index:
        assert len(index.charts()) == 3
        assert similar(index, GOUT)[0].shared == ("Gout",)
        assert index.remove(["lupus", "gout2"]) == 2
        assert [one.id for one in similar(index, GOUT)] == ["asthma"]


def test_what_a_stopped_run_left_behind_is_written_over(tmp_path: Path) -> None:
    with ChartIndex(tmp_path) as index:
        index.add([GOUT_TOO])
        with (tmp_path / "problems.weights").open("ab") as torn:
            torn.write(b"torn")
        index.add([LUPUS])
        assert {one.id for one in similar(index, GOUT)} == {"gout2", "lupus"}


def test_a_chart_that_holds_identity_is_refused(tmp_path: Path) -> None:
    with ChartIndex(tmp_path) as index, pytest.raises(IdentityError, match="deidentify"):
        index.add([RawChart(patient="Jane Doe")])  # type: ignore[list-item]


CHARTS = [(1, "A-1"), (2, "A-2"), (3, "B-1")]


def test_a_list_shows_its_charts_alone_and_its_stars_mean_nothing(tmp_path: Path) -> None:
    tmp_path.joinpath("list.txt").write_text("A-1  # ward 3\n\nA*\n", encoding="utf-8")
    assert allowed_charts(CHARTS, tmp_path, tmp_path / "list.txt", None) == {1}
    assert allowed_charts(CHARTS, tmp_path, None, None) is None


def test_a_role_shows_what_it_names_but_for_its_exceptions(tmp_path: Path) -> None:
    roles = tmp_path / "roles.toml"
    roles.write_text('[role.a]\ncharts = ["A-*"]\nexcept = ["A-2"]\n[role.all]\ncharts = ["*"]\n', encoding="utf-8")
    assert allowed_charts(CHARTS, tmp_path, roles, "a") == {1}
    assert allowed_charts(CHARTS, tmp_path, roles, "all") == {1, 2, 3}
    for role in (None, "nobody"):
        with pytest.raises(UsageError, match="role"):
            allowed_charts(CHARTS, tmp_path, roles, role)


def test_an_index_with_roles_is_closed_to_those_without_one_and_a_list_only_narrows(tmp_path: Path) -> None:
    tmp_path.joinpath("access.toml").write_text('[role.b]\ncharts = ["B-*"]\n', encoding="utf-8")
    tmp_path.joinpath("list.txt").write_text("A-1\nB-1\n", encoding="utf-8")
    with pytest.raises(UsageError):
        allowed_charts(CHARTS, tmp_path, None, None)
    with pytest.raises(UsageError):
        allowed_charts(CHARTS, tmp_path, tmp_path / "list.txt", None)
    assert allowed_charts(CHARTS, tmp_path, tmp_path / "list.txt", "b") == {3}


@pytest.mark.parametrize("text", ["[role", "[role.a]\ncharts = 'A'", "[role.a]\ncharts = [1]"])
def test_a_damaged_file_of_roles_shows_nothing(tmp_path: Path, text: str) -> None:
    tmp_path.joinpath("roles.toml").write_text(text, encoding="utf-8")
    with pytest.raises(DataError):
        allowed_charts(CHARTS, tmp_path, tmp_path / "roles.toml", "a")


def test_a_chart_that_may_not_be_seen_changes_nothing_of_what_is_shown(tmp_path: Path) -> None:
    with_it = found(tmp_path / "a", GOUT, GOUT_TOO, LUPUS, ASTHMA, allowed={1, 2})
    without = found(tmp_path / "b", GOUT, GOUT_TOO, LUPUS)
    assert with_it == without


def run(*words: str | Path) -> tuple[int, str]:
    return call("similar", *map(str, words))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BEDSIDE_HOME", str(tmp_path / "home"))
    write_charts(tmp_path / "asked.jsonl", [GOUT])
    write_charts(tmp_path / "safe.jsonl", [GOUT_TOO, LUPUS, ASTHMA])
    write_charts(tmp_path / "raw.jsonl", [RawChart(patient="Jane Doe", entries=GOUT.entries)])
    tmp_path.joinpath("list.txt").write_text("lupus\n", encoding="utf-8")
    return tmp_path


def test_the_command_indexes_once_and_then_searches(files: Path) -> None:
    index = files / "index"
    code, out = run(
        files / "asked.jsonl", "--among", files / "safe.jsonl", "--index", index, "--encoder", "none", "--json"
    )
    told = json.loads(out.splitlines()[-1])
    assert (code, told["compared"], told["similar"][0]["id"]) == (0, 3, "gout2")
    assert "decides" in told["disclaimer"]
    code, out = run(files / "asked.jsonl", "--index", index, "--allow", files / "list.txt", "--json")
    told = json.loads(out.splitlines()[-1])
    assert (code, told["compared"], [one["id"] for one in told["similar"]]) == (0, 1, ["lupus"])
    assert told["indexed"] == {}


def test_the_command_shows_and_writes_a_page_in_both_languages(files: Path) -> None:
    given = (files / "asked.jsonl", "--among", files / "safe.jsonl", "--encoder", "none")
    code, out = run(*given, "--html", files / "page.html")
    page = files.joinpath("page.html").read_text(encoding="utf-8")
    assert code == 0
    assert "not a recommendation" in " ".join(out.split())
    assert "shared problems" in page
    assert "Gout" in page
    assert "<script" not in page
    with speaking("zh"):
        _, said = run(*given)
    assert "共同问题" in said
    assert "由临床医生决定" in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("asked.jsonl", "--among", "raw.jsonl"), "deidentify"),
        (("asked.jsonl",), "--among"),
        (("nowhere.jsonl",), "nowhere"),
        (("safe.jsonl", "--among", "safe.jsonl"), "--of"),
        (("asked.jsonl", "--among", "safe.jsonl", "--weights", "luck=1"), "problems"),
    ],
)
def test_what_cannot_be_done_is_said_with_the_next_step(files: Path, words: tuple[str, ...], says: str) -> None:
    given = [files / word if word.endswith(".jsonl") else word for word in words]
    with pytest.raises(BedsideError) as refused:
        run(*given, "--encoder", "none")
    assert says in str(refused.value)
    assert "Jane" not in str(refused.value)


@given(
    rows=st.lists(st.dictionaries(st.integers(0, 99), st.floats(-5, 5, width=32), max_size=5), min_size=1, max_size=20),
    size=st.integers(1, 7),
)
@settings(max_examples=40, deadline=None)
def test_features_come_back_as_they_were_written(
    rows: list[dict[int, float]], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    kept = SparseRows(tmp_path_factory.mktemp("rows"), "x")
    half = len(rows) // 2
    kept.append(rows[:half], 0)
    kept.append(rows[half:], half)
    back = [dict(zip(*(part.tolist() for part in kept.row(n)), strict=True)) for n in range(len(rows))]
    assert back == rows
    totals = np.concatenate([summed(ends, weights) for _, ends, _, weights in kept.blocks(len(rows), size)])
    assert np.allclose(totals, [sum(row.values()) for row in rows], atol=1e-4)
