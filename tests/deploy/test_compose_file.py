"""The compose file and the image: as their specifications have them, shut by default, secrets in files."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMPOSE = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
IMAGE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
HOST = re.compile(r"^[^/]*[.:][^/]*/")
"""How the name of an image begins that names a registry's host."""


def test_it_is_what_the_compose_specification_says() -> None:
    compose_spec = pytest.importorskip("compose_spec", reason="compose-spec is not installed")
    options = compose_spec.PyOptions()
    options.apply_merge = True
    read = options.from_yaml((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    read.validate()
    assert set(read.service_names()) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_no_right_that_it_does_not_need(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert service["healthcheck"]["test"][0] == "CMD"


@pytest.mark.parametrize("name", SERVICES)
def test_an_image_has_a_version_and_names_no_host(name: str) -> None:
    image = SERVICES[name]["image"]
    assert re.search(r":v?\d+\.\d+", image)
    assert not HOST.match(image)


@pytest.mark.parametrize("name", SERVICES)
def test_all_that_a_service_names_is_declared(name: str) -> None:
    service = SERVICES[name]
    assert set(service.get("secrets", ())) <= set(COMPOSE["secrets"])
    assert {one["source"] for one in service.get("configs", ())} <= set(COMPOSE["configs"])
    assert set(service["networks"]) <= set(COMPOSE["networks"])
    assert set(service.get("depends_on", ())) <= set(SERVICES)
    assert {one.partition(":")[0] for one in service.get("volumes", ())} <= set(COMPOSE["volumes"])


def test_every_secret_is_a_file_and_none_is_in_the_tree() -> None:
    assert all(set(one) == {"file"} for one in COMPOSE["secrets"].values())
    assert not (DEPLOY / "secrets").exists()
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    words = [f"{key}={value}" for one in SERVICES.values() for key, value in one.get("environment", {}).items()]
    assert not [one for one in words if "PASSWORD" in one and "FILE" not in one]


def test_the_database_is_reached_by_the_server_alone() -> None:
    assert COMPOSE["networks"]["inside"]["internal"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert "ports" not in SERVICES["database"]


def test_watching_is_a_choice() -> None:
    assert {name for name, one in SERVICES.items() if "profiles" in one} == {"prometheus", "grafana"}


def test_the_configurations_are_there_and_can_be_read(tmp_path: Path) -> None:
    from bedside.server.clinic.settings import read_settings

    for one in COMPOSE["configs"].values():
        assert (DEPLOY / one["file"]).is_file()
    assert read_settings(DEPLOY / "bedside.toml").outbound == []
    (job,) = yaml.safe_load((DEPLOY / "prometheus/compose.yml").read_text(encoding="utf-8"))["scrape_configs"]
    assert job["static_configs"] == [{"targets": ["server:8765"]}]
    assert Path(job["authorization"]["credentials_file"]).name in SERVICES["prometheus"]["secrets"]


def test_the_image_is_made_in_two_steps_and_runs_as_nobody_in_particular() -> None:
    stages = re.findall(r"^FROM (\S+)", IMAGE, re.MULTILINE)
    assert len(stages) == 2
    assert not [one for one in stages if HOST.match(one)]
    last = IMAGE.rpartition("FROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "pip" not in last
    assert "ADD " not in IMAGE


def test_every_wheel_in_the_image_comes_by_its_hash() -> None:
    downloads = re.findall(r"pip download .*", IMAGE)
    assert sum("--require-hashes" in one for one in downloads) == len(downloads) - 1  # torch: by its version alone
    assert all("--only-binary :all:" in one for one in downloads)
    assert all("--no-index" in one for one in re.findall(r"pip install .*", IMAGE))


def test_what_the_image_copies_is_there() -> None:
    for line in re.findall(r"^COPY (?!--from)(.+)$", IMAGE, re.MULTILINE):
        *sources, _ = line.split()
        assert all((ROOT / one).exists() for one in sources)


def test_the_image_installs_extras_that_there_are() -> None:
    import tomllib

    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    (extras,) = re.findall(r'"bedside\[(.+?)\]"', IMAGE)
    assert set(extras.split(",")) <= set(known)


def test_the_health_check_asks_the_probe_that_the_server_answers() -> None:
    source = (DEPLOY / "healthcheck.py").read_text(encoding="utf-8")
    ast.parse(source)
    assert "https://127.0.0.1:8765/readyz" in source
