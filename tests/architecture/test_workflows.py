"""The forge's workflows can be parsed, run existing commands, and have no more permissions than they need."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
# Permissions beyond reading the repository, and the workflow's job that needs each.
GRANTED = {
    ("codeql.yml", "analyze", "security-events"),
    ("docs.yml", "publish", "id-token"),
    ("docs.yml", "publish", "pages"),
    ("release.yml", "announce", "contents"),
    ("release.yml", "build", "attestations"),
    ("release.yml", "build", "id-token"),
    ("release.yml", "publish", "id-token"),
}


def loaded(path: Path) -> dict[str, Any]:
    workflow: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return workflow


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path in WORKFLOWS:
        for name, job in loaded(path)["jobs"].items():
            yield path.name, name, job


def steps() -> Iterator[dict[str, Any]]:
    for _, _, job in jobs():
        yield from job.get("steps", [])


def test_there_is_a_workflow_for_tests_vulnerabilities_documents_and_releases() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "codeql.yml", "docs.yml", "release.yml"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflow_gives_no_permission_that_a_job_does_not_name(path: Path) -> None:
    assert loaded(path)["permissions"] == {}
    assert all("permissions" in job for job in loaded(path)["jobs"].values())


def test_jobs_may_write_only_what_they_must() -> None:
    writing = {
        (workflow, name, scope)
        for workflow, name, job in jobs()
        for scope, access in job["permissions"].items()
        if access != "read"
    }

    assert writing == GRANTED


def test_jobs_end_by_themselves() -> None:
    unlimited = [name for _, name, job in jobs() if "uses" not in job and not 1 <= job.get("timeout-minutes", 0) <= 60]

    assert unlimited == []


def test_actions_are_named_by_commit_with_their_version_beside_it() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in WORKFLOWS)
    used = re.findall(r"uses: (?!\./)(\S+?)@(\S+)(.*)", text)

    assert len(used) > 15
    unpinned = [name for name, commit, _ in used if not re.fullmatch(r"[0-9a-f]{40}", commit)]
    assert unpinned == []
    assert [name for name, _, comment in used if not re.fullmatch(r" # v\d+\.\d+\.\d+", comment)] == []
    versions = {(name.split("/")[1], commit) for name, commit, _ in used}
    assert len(versions) == len({name for name, _ in versions}), "one version of each action everywhere"


def test_workflows_make_what_the_makefile_has() -> None:
    made = {target for step in steps() for target in re.findall(r"\bmake ([a-z-]+)", step.get("run", ""))}

    assert {"check", "test", "smoke", "docs", "audit"} <= made
    assert made - TARGETS == set()


def test_files_and_workflows_that_are_named_exist() -> None:
    commands = [step.get("run", "") for step in steps()] + [job.get("uses", "") for _, _, job in jobs()]
    named = {path for text in commands for path in re.findall(r"(?:deploy|release|tests|\.github)/[\w./-]+", text)}

    assert len(named) >= 3
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_tests_that_the_makefile_names_exist() -> None:
    named = re.findall(r"\btests/[\w./-]+", (ROOT / "Makefile").read_text(encoding="utf-8"))

    assert "tests/server/uvicorn" in named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_nothing_that_a_stranger_writes_is_pasted_into_a_command() -> None:
    pasted = [expression for step in steps() for expression in re.findall(r"\$\{\{(.*?)\}\}", step.get("run", ""))]

    assert [expression for expression in pasted if not expression.strip().startswith("matrix.")] == []


def test_checkouts_leave_no_credentials_behind() -> None:
    checkouts = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]

    assert len(checkouts) >= 8
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_tests_run_on_every_python_that_the_package_claims() -> None:
    claimed = re.findall(r"Python :: (3\.\d+)", (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    matrix = loaded(ROOT / ".github" / "workflows" / "ci.yml")["jobs"]["test"]["strategy"]["matrix"]

    assert matrix["python"] == claimed
    assert {system.split("-")[0] for system in matrix["system"]} == {"ubuntu", "macos"}
