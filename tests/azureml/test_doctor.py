"""What keeps jobs from running is said in a sentence each, in a fixed order, and without secrets."""

import os
import re
import subprocess
import sys
from functools import partial

import pytest

from azureml_emulator.places import SECRET, SUBSCRIPTION
from projects import REPOSITORY
from snakemake_executor_plugin_azureml.azureml_workspace.connect import connect
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.doctor import Verdict, diagnose, report
from snakemake_executor_plugin_azureml.options import resolve_options

ORDER = ["settings", "experiment", "sign-in", "workspace", "cluster"]
ORDER += ["datastore", "data sets", "environment"]


@pytest.fixture
def cloud(emulator, tmp_path, monkeypatch):
    """A workspace in order, and a conda file."""
    monkeypatch.chdir(tmp_path)
    emulator.state.clusters["gpu-cluster"].vm_size = "Standard_NC6s_v3"
    (tmp_path / "conda.yaml").write_text("dependencies: [snakemake]")
    monkeypatch.setenv("SNAKEMAKE_AZUREML_CONDA_FILE", "conda.yaml")
    monkeypatch.setenv("SNAKEMAKE_AZUREML_EXPERIMENT", "mine")
    return emulator


def findings(folder):
    resolve = partial(resolve_options, None, os.environ, folder)
    quick = partial(connect, environ=os.environ, patience=Patience(tries=2, sleep=lambda _: None))
    return list(diagnose(resolve, quick, os.environ))


def wrong(folder):
    return [
        f"{each.subject}: {each.text}" for each in findings(folder) if each.verdict == Verdict.WRONG
    ]


def test_a_workspace_in_order_has_one_good_line_for_each_subject(cloud, tmp_path):
    found = findings(tmp_path)
    assert [each.subject for each in found] == ORDER
    assert {each.verdict for each in found} == {Verdict.OK}
    assert report(found)
    lines = "\n".join(map(str, found))
    assert "gpu-cluster (Standard_NC6s_v3, 0 to 4 nodes)" in lines
    assert "workspaceblobstore (the default one) can be read" in lines
    assert "secret from AZURE_CLIENT_SECRET." in lines


def test_nothing_is_made_or_changed(cloud, tmp_path):
    findings(tmp_path)
    methods = {asked.method for asked in cloud.requests if asked.service != "aad"}
    assert methods <= {"GET", "HEAD"}
    assert list(cloud.state.runs) == []


def test_mistakes_in_the_settings_come_all_and_before_any_question(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("SNAKEMAKE_AZUREML_TIME_LIMIT", "soon")
    monkeypatch.delenv("SNAKEMAKE_AZUREML_WORKSPACE")
    assert [text.split()[1] for text in wrong(tmp_path)] == ["workspace", "time_limit='soon'"]
    assert cloud.requests == []
    assert not report(findings(tmp_path))


def test_a_refused_secret_is_told_without_showing_it(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("AZURE_CLIENT_SECRET", "hunter22-hunter22")
    (text,) = wrong(tmp_path)
    assert text.startswith("workspace: ")
    assert "AZURE_CLIENT_SECRET" in text
    shown = "\n".join(map(str, findings(tmp_path)))
    assert "hunter22" not in shown
    assert SECRET not in shown


def test_a_missing_workspace_is_told_and_the_rest_left_out(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("SNAKEMAKE_AZUREML_WORKSPACE", "other")
    found = findings(tmp_path)
    assert "other" in found[-2].text
    assert [each.verdict for each in found[-2:]] == [Verdict.WRONG, Verdict.SKIPPED]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("gpu", "has no cluster gpu. Its clusters: cpu-cluster, gpu-cluster"),
        ("", "none is stated: use --azureml-cluster NAME"),
    ],
)
def test_a_missing_cluster_is_told_with_those_that_exist(
    name, sentence, cloud, tmp_path, monkeypatch
):
    monkeypatch.setenv("SNAKEMAKE_AZUREML_CLUSTER", name)
    (text,) = wrong(tmp_path)
    assert sentence in text
    assert "gpu-cluster" in text


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (
            "Operation results in exceeding quota limits of Core. Maximum allowed: 0.",
            "ask for more",
        ),
        ("AllocationFailed: no capacity in the region", "try later"),
        ("The client does not have authorization to perform this action", "role"),
        ("Something else.", "The service says: Something else."),
    ],
)
def test_a_cluster_that_gets_no_nodes_is_told_with_what_helps(message, advice, cloud, tmp_path):
    cluster = cloud.state.clusters["gpu-cluster"]
    cluster.errors.append({"error": {"code": "Refused", "message": message}})
    (text,) = wrong(tmp_path)
    assert message.rstrip(".") in text
    assert advice in text


def test_a_cluster_that_is_being_made_or_can_have_no_node_is_not_ready(cloud, tmp_path):
    cloud.state.clusters["gpu-cluster"].state = "Creating"
    assert "is not ready: it is Creating." in wrong(tmp_path)[0]
    cloud.state.clusters["gpu-cluster"].state = "Succeeded"
    cloud.state.clusters["gpu-cluster"].max_nodes = 0
    assert "can never have a node" in wrong(tmp_path)[0]


def test_what_surprises_is_noted(cloud, tmp_path):
    cluster = cloud.state.clusters["gpu-cluster"]
    cluster.min_nodes, cluster.vm_size = 2, "Standard_D4_v3"
    notes = [each.text for each in findings(tmp_path) if each.verdict == Verdict.NOTE]
    assert ["keeps 2 nodes running" in notes[0], "no GPU" in notes[1]] == [True, True]
    assert report(findings(tmp_path))


def test_after_a_fault_the_next_subjects_are_still_looked_at(cloud, tmp_path, monkeypatch):
    monkeypatch.setenv("SNAKEMAKE_AZUREML_CLUSTER", "gpu")
    monkeypatch.setenv("SNAKEMAKE_AZUREML_DATASTORE", "nowhere")
    monkeypatch.setenv("SNAKEMAKE_AZUREML_ENVIRONMENT", "ours:3")
    with cloud.fail("datastores/innereyedatasets", 503, times=None):
        found = wrong(tmp_path)
    assert [text.split(":")[0] for text in found] == [
        "cluster",
        "datastore",
        "data sets",
        "environment",
    ]
    assert "no datastore nowhere. Some that it has: workspaceblobstore" in found[1]
    assert "no environment ours:3" in found[3]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [(None, "there is no conda file"), ("dependencies: [torch]", "name snakemake")],
)
def test_a_conda_file_that_cannot_work_is_told(text, sentence, cloud, tmp_path):
    (tmp_path / "conda.yaml").unlink()
    if text:
        (tmp_path / "conda.yaml").write_text(text)
    assert sentence in wrong(tmp_path)[0]


def test_the_target_prints_all_lines_and_fails_for_one_that_is_wrong(cloud, tmp_path, monkeypatch):
    for name in ("Snakefile", "rules", "scripts", "config", "envs"):
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "settings.yml").write_text(f"variables: {{subscription_id: '{SUBSCRIPTION}'}}")
    monkeypatch.setenv("SNAKEMAKE_AZUREML_CLUSTER", "gpu")
    command = [sys.executable, "-m", "snakemake", "azureml_doctor", "--cores", "1"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    shown = done.stdout + done.stderr
    assert re.findall(r"^(?:ok|wrong) +([a-z -]+):", shown, flags=re.MULTILINE) == ORDER
    assert "no cluster gpu" in shown
    assert done.returncode == 1
    assert "Traceback" not in shown
    assert SECRET not in shown
