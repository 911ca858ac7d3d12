"""Options on the command line, in a profile and in the environment, read by Snakemake itself."""

from dataclasses import fields

import pytest
from snakemake.cli import parse_args
from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

from snakemake_executor_plugin_azureml.options import stated_texts
from snakemake_executor_plugin_azureml.settings import ExecutorSettings

NAMES = [item.name for item in fields(ExecutorSettings)]


def variable(name):
    return f"SNAKEMAKE_AZUREML_{name.upper()}"


def read(*arguments):
    _, args = parse_args(["--workflow-profile", "none", *arguments])
    return ExecutorPluginRegistry().get_plugin("azureml").get_settings(args)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(variable(name), raising=False)


def test_the_executor_is_found_by_snakemake():
    assert ExecutorPluginRegistry().is_installed("azureml")
    assert ExecutorPluginRegistry().get_plugin("azureml").settings_cls is ExecutorSettings


def test_nothing_is_stated_at_first():
    assert stated_texts(read(), {}) == {}


@pytest.mark.parametrize("name", NAMES)
def test_every_option_is_read_from_the_command_line_and_the_environment(name, monkeypatch):
    assert getattr(read(f"--azureml-{name.replace('_', '-')}", "a b"), name) == "a b"
    monkeypatch.setenv(variable(name), "c")
    assert getattr(read(), name) == "c"


def test_the_command_line_wins_over_the_environment_over_the_profile(monkeypatch, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "profile.yaml").write_text(
        "azureml-workspace: profile\nazureml-cluster: profile\nazureml-tag: profile\n"
    )
    monkeypatch.setenv(variable("workspace"), "variable")
    monkeypatch.setenv(variable("cluster"), "variable")
    found = read("--profile", "mine", "--azureml-workspace", "line")
    assert (found.workspace, found.cluster, found.tag) == ("line", "variable", "profile")


def test_a_file_named_in_a_profile_is_sought_beside_the_profile(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "conda.yaml").write_text("")
    (tmp_path / "mine" / "profile.yaml").write_text("azureml-conda-file: ../conda.yaml\n")
    assert read("--profile", "mine").conda_file == "mine/../conda.yaml"


def test_there_is_no_option_for_a_secret():
    assert [name for name in NAMES if "secret" in name or "key" in name or "password" in name] == []
