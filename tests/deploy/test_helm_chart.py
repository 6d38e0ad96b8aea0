"""The Helm chart, rendered by Helm's own code: linted, its objects as Kubernetes has them, shut by default."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bedside.commands._call import build
from bedside.server.clinic.settings import read_settings

helm = pytest.importorskip("helm_python", reason="helm-python-sdk is not installed: pip install 'bedside[test]'")
kubernetes_validate = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate is not installed")

CHART = Path(__file__).parents[2] / "deploy" / "helm" / "bedside"
PEER = [{"podSelector": {"matchLabels": {"app": "postgres"}}}]
WARDS: dict[str, dict[str, Any]] = {
    "as it comes": {},
    "two servers": {"replicas": 2, "database": {"secret": "db", "to": PEER}},
    "on Ray": {"engine": {"kind": "ray", "cluster": "ray-head:6379", "to": PEER}, "models": ["triage=/models/TRIAGE"]},
    "all of it": {
        "image": {"digest": "sha256:" + "0" * 64, "pullSecrets": ["registry"]},
        "database": {"secret": "db", "to": PEER},
        "autoscaling": {"enabled": True},
        "ingress": {"enabled": True, "host": "bedside.hospital.lan", "className": "nginx", "annotations": {"a": "b"}},
        "monitor": {"enabled": True, "keySecret": "metrics"},
        "modelsClaim": "models",
        "data": {"storageClass": "fast"},
        "settings": {"outbound": ["https://fhir.hospital.lan"], "limits": {"body_bytes": 20000000}},
        "network": {"from": PEER, "egress": [{"to": PEER, "ports": [{"port": 443, "protocol": "TCP"}]}]},
        "tolerations": [{"key": "gpu", "operator": "Exists"}],
        "nodeSelector": {"disk": "ssd"},
        "affinity": {"nodeAffinity": {}},
    },
}
KUBERNETES = ("1.30", "1.33", kubernetes_validate.latest_version())


def rendered(values: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """The chart's objects by kind and name."""
    with helm.Chart.load(CHART) as chart:
        chart.validate_schema(values)
        files = chart.render(values, name="ward", namespace="clinic")
    objects = [one for name, text in files.items() if name.endswith(".yaml") for one in yaml.safe_load_all(text) if one]
    return {(one["kind"], one["metadata"]["name"]): one for one in objects}


def only(values: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [one for (its, _), one in rendered(values).items() if its == kind]
    return found


def containers(values: dict[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    pod = only(values, "StatefulSet")["spec"]["template"]["spec"]
    for one in pod["containers"]:
        yield pod, one


@pytest.mark.parametrize("ward", WARDS)
def test_helm_finds_no_fault(ward: str) -> None:
    found = helm.lint(CHART, WARDS[ward], strict=True)
    assert found["errors"] == []
    assert {one["error"] for one in found["messages"]} <= {"icon is recommended"}


@pytest.mark.parametrize("ward", WARDS)
@pytest.mark.parametrize("version", KUBERNETES)
def test_every_object_is_one_that_kubernetes_takes(ward: str, version: str) -> None:
    objects = rendered(WARDS[ward])
    assert len(objects) >= 6
    for (kind, _), one in objects.items():
        if kind != "ServiceMonitor":  # the operator's own kind: no schema of it is at hand
            kubernetes_validate.validate(one, version, strict=True)


def test_a_field_that_kubernetes_does_not_know_is_found() -> None:
    server = only({}, "StatefulSet")
    server["spec"]["template"]["spec"]["containers"][0]["readOnlyRoot"] = True
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(server, KUBERNETES[-1], strict=True)


@pytest.mark.parametrize("ward", WARDS)
def test_the_server_runs_with_no_right_that_it_does_not_need(ward: str) -> None:
    for pod, one in containers(WARDS[ward]):
        assert pod["securityContext"]["runAsNonRoot"]
        assert not pod["automountServiceAccountToken"]
        assert one["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }


@pytest.mark.parametrize("ward", WARDS)
def test_all_that_is_mounted_is_there(ward: str) -> None:
    server = only(WARDS[ward], "StatefulSet")["spec"]
    for pod, one in containers(WARDS[ward]):
        there = {volume["name"] for volume in pod["volumes"]}
        there |= {claim["metadata"]["name"] for claim in server["volumeClaimTemplates"]}
        assert {mount["name"] for mount in one["volumeMounts"]} == there


@pytest.mark.parametrize("ward", WARDS)
def test_what_the_server_is_told_it_understands(ward: str, tmp_path: Path) -> None:
    known = {option for parameter in build("serve").params for option in parameter.opts}
    for _, one in containers(WARDS[ward]):
        for word in one["args"]:
            if word.startswith("--"):
                assert word.partition("=")[0] in known
    (tmp_path / "bedside.toml").write_text(only(WARDS[ward], "ConfigMap")["data"]["bedside.toml"])
    settings = read_settings(tmp_path / "bedside.toml", host="127.0.0.1")
    assert settings.outbound == WARDS[ward].get("settings", {}).get("outbound", [])


def test_no_connection_leaves_a_server_but_to_names_and_what_is_listed() -> None:
    alone, joined = (only(WARDS[ward], "NetworkPolicy")["spec"] for ward in ("as it comes", "two servers"))
    assert alone["policyTypes"] == ["Ingress", "Egress"]
    assert [rule["ports"][0]["port"] for rule in alone["egress"]] == [53]
    assert [rule["ports"][0]["port"] for rule in joined["egress"]] == [53, 5432]
    assert joined["egress"][1]["to"] == PEER


def test_probes_ask_what_the_server_answers() -> None:
    for _, one in containers({}):
        assert one["readinessProbe"]["httpGet"]["path"] == one["startupProbe"]["httpGet"]["path"] == "/readyz"
        assert one["livenessProbe"]["httpGet"]["path"] == "/livez"


def test_a_second_server_may_be_taken_away_only_while_the_first_stands() -> None:
    assert ("PodDisruptionBudget", "ward-bedside") in rendered(WARDS["two servers"])
    assert ("PodDisruptionBudget", "ward-bedside") not in rendered({})


@pytest.mark.parametrize(
    "wrong",
    [
        {"replicas": 2},
        {"autoscaling": {"enabled": True}},
        {"engine": {"kind": "ray"}},
        {"engine": {"kind": "dask"}},
        {"replicas": 0},
        {"replica": 2},
        {"ingress": {"enabled": True}},
        {"monitor": {"enabled": True}},
        {"image": {"digest": "latest"}},
        {"tls": {"secret": ""}},
    ],
    ids=str,
)
def test_values_that_could_not_work_are_refused_before_anything_is_installed(wrong: dict[str, Any]) -> None:
    with pytest.raises(helm.HelmError):
        rendered(wrong)


def test_the_master_key_comes_in_a_way_that_the_server_accepts() -> None:
    from bedside.clinic.keys.keyring import VARIABLE

    for _, one in containers({}):
        (key,) = [variable for variable in one["env"] if variable["name"] == VARIABLE]
        assert key["valueFrom"]["secretKeyRef"] == {"name": "bedside-master-key", "key": "master_key"}
        assert not [word for word in one["args"] if word.startswith("--key-file")]


def test_no_secret_is_written_in_the_chart() -> None:
    assert not [kind for kind, _ in rendered(WARDS["all of it"]) if kind == "Secret"]
