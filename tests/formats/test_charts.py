"""Charts survive the way to disk and back; a file appears whole, private, or not at all."""

import json
import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.charts import chart_from_json, chart_to_json, raw_from_json, read_charts, write_charts
from bedside.errors import FormatError, IdentityError
from bedside.types import Chart, Code, DeidReport, Entry, Identifier, Origin, RawChart

words = st.text(max_size=20)
entries = st.builds(
    Entry,
    id=words,
    kind=words,
    text=words,
    time=st.none() | st.sampled_from(["2024", "2024-03", "2024-03-05T10:00:00+08:00"]),
    codes=st.lists(st.builds(Code, words, words, words), max_size=2).map(tuple),
    value=st.none() | st.floats(allow_nan=False, allow_infinity=False) | words.filter(bool),
    unit=st.none() | words.filter(bool),
    origin=st.builds(Origin, words.filter(bool), words),
)
raws = st.builds(
    RawChart,
    patient=words,
    sex=st.sampled_from(["male", "female", "other", "unknown"]),
    birth_date=st.none() | st.just("1950-03"),
    entries=st.lists(entries, max_size=3).map(tuple),
    identifiers=st.lists(st.builds(Identifier, st.just("NAME"), words), max_size=2).map(tuple),
)
SCRUBBED = Chart(patient="p1", sex="female", age_years=52.0, entries=(), deid=DeidReport("tag", "1", {"NAME": 2}))


@given(raws)
def test_a_chart_comes_back_as_it_went(chart):
    assert raw_from_json(json.loads(json.dumps(chart_to_json(chart)))) == chart


def test_a_scrubbed_chart_comes_back_and_says_what_was_removed():
    assert chart_from_json(chart_to_json(SCRUBBED)) == SCRUBBED


def test_a_chart_with_identity_is_not_taken_for_one_without_nor_the_other_way_round():
    with pytest.raises(IdentityError):
        chart_from_json(chart_to_json(RawChart(patient="王小明")))
    with pytest.raises(FormatError):
        raw_from_json(chart_to_json(SCRUBBED))


def test_the_file_is_for_its_owner_only_and_holds_a_chart_a_line(tmp_path):
    path = tmp_path / "charts.jsonl"
    old = os.umask(0)
    try:
        assert write_charts(path, [RawChart(patient="1"), RawChart(patient="2")]) == 2
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [chart.patient for chart in read_charts(path, raw_from_json)] == ["1", "2"]


def test_a_failure_halfway_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "charts.jsonl"
    write_charts(path, [RawChart(patient="old")])

    def failing():
        yield RawChart(patient="new")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_charts(path, failing())
    assert [chart.patient for chart in read_charts(path, raw_from_json)] == ["old"]
    assert list(tmp_path.iterdir()) == [path]


def test_half_a_character_is_written_and_read(tmp_path):
    chart = RawChart(patient="1", entries=(Entry(id="1", kind="Observation", text="\ud800"),))
    write_charts(tmp_path / "c.jsonl", [chart])
    assert list(read_charts(tmp_path / "c.jsonl", raw_from_json)) == [chart]


@pytest.mark.parametrize("line", ["{", "[]", '{"patient": 1}', '{"patient": "1", "sex": "x"}', '{"patient": NaN}'])
def test_a_line_that_is_no_chart_is_refused_with_its_number_and_without_its_text(tmp_path, line):
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps(chart_to_json(RawChart(patient="secret"))) + "\n" + line + "\n")
    with pytest.raises(FormatError, match="line 2") as caught:
        list(read_charts(path, raw_from_json))
    assert "secret" not in str(caught.value)
