"""docker-compose.yml and the Dockerfile keep their promises."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
OURS = {"web", "worker", "beat", "migrate"}


def test_the_services_are_these() -> None:
    assert set(SERVICES) == OURS | {"postgres", "valkey"}


def test_exactly_one_service_runs_beat_and_it_is_never_more_than_one() -> None:
    beats = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert SERVICES["beat"]["deploy"]["replicas"] == 1


def test_a_worker_does_not_bring_a_second_beat() -> None:
    assert not {"-B", "--beat"} & set(SERVICES["worker"]["command"])


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_everything_waits_for_the_migration_and_the_servers(name: str) -> None:
    waits = {key: value["condition"] for key, value in SERVICES[name]["depends_on"].items()}
    assert waits == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "valkey": "service_healthy",
    }


def test_the_migration_waits_for_the_database_only() -> None:
    assert SERVICES["migrate"]["command"][:3] == ["python", "manage.py", "migrate"]
    assert SERVICES["migrate"]["depends_on"] == {"postgres": {"condition": "service_healthy"}}


@pytest.mark.parametrize("name", ["worker", "beat", "postgres", "valkey"])
def test_each_long_running_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


def test_web_takes_its_health_check_from_the_image() -> None:
    assert "healthcheck" not in SERVICES["web"]
    assert "HEALTHCHECK" in DOCKERFILE


def test_postgres_is_16_or_newer() -> None:
    major = re.match(r"postgres:(\d+)", SERVICES["postgres"]["image"])
    assert major is not None
    assert int(major[1]) >= 16


def test_what_must_survive_is_on_volumes() -> None:
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"]) == {"portal-files", "postgres-data", "valkey-data"}


def test_secrets_come_from_files_only() -> None:
    for secret in COMPOSE["secrets"].values():
        assert set(secret) == {"file"}
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if re.search(r"SECRET|PASSWORD|DATABASE_URL|EMAIL_URL", name):
                assert name.endswith("_FILE"), name
                assert value.startswith("/run/secrets/"), name


def test_no_password_is_written_in_an_address() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8") + DOCKERFILE
    assert not re.findall(r"://[^/\s:@]+:[^/\s@]+@", text)


def test_the_portal_runs_with_as_few_rights_as_it_can() -> None:
    for name in OURS:
        assert SERVICES[name]["read_only"] is True
        assert SERVICES[name]["cap_drop"] == ["ALL"]


def test_only_the_web_server_is_published_and_only_on_this_machine_by_default() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["${PUBLISH:-127.0.0.1:8000}:8000"]}


def test_the_image_is_slim_pinned_and_not_root() -> None:
    assert re.search(r"^FROM python:3\.11\.\d+-slim-\w+$", DOCKERFILE, re.MULTILINE)
    users = re.findall(r"^USER (\S+)$", DOCKERFILE, re.MULTILINE)
    assert users[-1:] == ["concord"]
    assert "--require-hashes" in DOCKERFILE


def test_neither_data_nor_secrets_get_into_the_image() -> None:
    ignored = set((ROOT / ".dockerignore").read_text(encoding="utf-8").split())
    assert {".git", "var", "secrets", ".env"} <= ignored
