"""Dashboard and alert rules: every figure in them is one that the server has, every rule fires when it should."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.core import Metric
from promql import Series, Vector, parse

from bedside.server.clinic.metrics import ClinicMetrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus/bedside.rules.yml").read_text(encoding="utf-8"))
DASHBOARD = json.loads((DEPLOY / "grafana/bedside.json").read_text(encoding="utf-8"))
CASES = yaml.safe_load((DEPLOY / "prometheus/bedside.test.yml").read_text(encoding="utf-8"))
ALERTS = [rule for group in RULES["groups"] for rule in group["rules"]]
PANELS = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
OTHERS = {"up": {"job", "instance"}}
"""What Prometheus itself says of every server."""
SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count"), "gauge": ("",)}


def expressions() -> Iterator[tuple[str, str]]:
    yield from ((rule["alert"], rule["expr"]) for rule in ALERTS)
    for panel in PANELS:
        yield from ((panel["title"], target["expr"].replace("$job", ".*")) for target in panel["targets"])


def exported() -> dict[str, set[str]]:
    """Every sample that the server can show, with its labels."""
    metrics = ClinicMetrics()
    metrics.queue("review", lambda: 0.0)
    metrics.alerts(lambda level: 0.0)
    found: dict[str, set[str]] = {}
    described = [one for collector in list(metrics.registry._collector_to_names) for one in described_by(collector)]
    for metric, labels in described:
        for suffix in SUFFIXES[metric.type]:
            extra = {"le"} if suffix == "_bucket" else set()
            found[metric.name + suffix] = {*labels, *extra, "job", "instance"}
    return found


def described_by(collector: Any) -> Iterator[tuple[Metric, set[str]]]:
    for metric in collector.describe() if hasattr(collector, "describe") else collector.collect():
        labels = set(getattr(collector, "_labelnames", ())) or set(getattr(metric, "_labelnames", ()))
        yield metric, labels


@pytest.mark.parametrize(("where", "expression"), list(expressions()))
def test_every_figure_and_label_is_one_that_the_server_exports(where: str, expression: str) -> None:
    known = exported() | OTHERS
    for name, labels in parse(expression).metrics.items():
        assert name in known, f"{where}: {name}"
        assert labels <= known[name], f"{where}: {name}{labels - known[name]}"


def test_a_figure_that_is_not_there_and_a_bracket_too_few_are_caught() -> None:
    assert parse("sum(rate(bedside_gone_total[5m]))").metrics.keys() - exported().keys() == {"bedside_gone_total"}
    for wrong in ("sum(rate(x[5m])", "rate(x)", "x{a='b'}", "x{a=b c}", "sum by job (x)", "x > ", "x[5x]", 'x{a=~"("}'):
        with pytest.raises((ValueError, re.error)):
            parse(wrong)


def test_every_title_and_every_sentence_is_in_both_languages() -> None:
    said = [rule["annotations"]["summary"] for rule in ALERTS]
    said += [words for panel in PANELS for words in (panel["title"], panel["description"])]
    said += [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]
    for sentence in said:
        english, _, chinese = sentence.partition(" | ")
        assert re.search(r"[A-Za-z]", english), sentence
        assert re.search(r"[一-鿿]", chinese), sentence


def test_rules_and_panels_have_the_parts_that_their_readers_need() -> None:
    assert len({rule["alert"] for rule in ALERTS}) == len(ALERTS)
    for rule in ALERTS:
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert re.fullmatch(r"\d+[smhd]", rule.get("for", "0s"))
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in PANELS:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        assert panel["targets"]
        assert panel["datasource"]["uid"] == "${datasource}"


def made(case: dict[str, Any]) -> Series:
    """The series of a test, a value a minute, as promtool writes them: `0+30x25`, `1x5 0x20`."""
    found: dict[Any, list[float | None]] = {}
    for one in case["input_series"]:
        name, _, told = one["series"].partition("{")
        labels = frozenset(re.findall(r'(\w+)="([^"]*)"', told))
        values: list[float | None] = []
        for part in one["values"].split(" "):
            start, step, times = re.fullmatch(r"(\d+)(?:\+(\d+))?x(\d+)", part).groups()  # type: ignore[union-attr]
            values += [int(start) + int(step or 0) * at for at in range(int(times) + 1)]
        found[name, labels] = values
    return found


def firing(rule: dict[str, Any], series: Series, minute: int) -> Vector:
    """The alerts of a rule that have held for as long as it asks."""
    query, held = parse(rule["expr"]), {"s": 1 / 60, "m": 1, "h": 60, "d": 1440}
    wait = int(float(rule.get("for", "0s")[:-1]) * held[rule.get("for", "0s")[-1]])
    every = [query.at(series, at) for at in range(max(minute - wait, 0), minute + 1)]
    assert all(isinstance(one, dict) for one in every)
    return {labels: v for labels, v in every[-1].items() if all(labels in one for one in every)}  # type: ignore[union-attr,operator]


@pytest.mark.parametrize("case", [(test, want) for test in CASES["tests"] for want in test["alert_rule_test"]],
                         ids=lambda case: f"{case[1]['alertname']} at {case[1]['eval_time']}")  # fmt: skip
def test_a_rule_fires_when_it_should_and_not_before(case: Any) -> None:
    test, wanted = case
    rule = next(rule for rule in ALERTS if rule["alert"] == wanted["alertname"])
    found = firing(rule, made(test), int(wanted["eval_time"][:-1]))
    told = [dict(labels) | rule["labels"] for labels in found]
    assert told == [alert["exp_labels"] for alert in wanted["exp_alerts"]]


def test_the_example_configuration_reads_these_rules() -> None:
    config = yaml.safe_load((DEPLOY / "prometheus/bedside.yml").read_text(encoding="utf-8"))
    assert config["rule_files"] == CASES["rule_files"] == ["bedside.rules.yml"]
    assert config["scrape_configs"][0]["metrics_path"] == "/metrics"
