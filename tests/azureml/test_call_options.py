"""The Snakefile sees the options that the executor will see: of command line, profile and variables."""

import sys

import pytest

from snakemake_executor_plugin_azureml.call_options import options_of_call

WORKSPACE = {
    "SNAKEMAKE_AZUREML_SUBSCRIPTION_ID": "00000000-0000-0000-0000-000000000001",
    "SNAKEMAKE_AZUREML_RESOURCE_GROUP": "group",
    "SNAKEMAKE_AZUREML_WORKSPACE": "of-variables",
}


@pytest.fixture
def options(tmp_path, monkeypatch):
    """Return the options of a command line, in a working folder with a workflow and a profile."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Snakefile").write_text("rule all:\n    input: []\n")
    (tmp_path / "cloud").mkdir()
    profile = "executor: azureml\njobs: 2\nazureml-datasets-datastore: of-profile\n"
    (tmp_path / "cloud" / "profile.yaml").write_text(profile)
    for name, value in WORKSPACE.items():
        monkeypatch.setenv(name, value)

    def of(*arguments, program="/usr/bin/snakemake"):
        return options_of_call([program, *arguments])

    return of


def test_without_options_the_variables_hold(options):
    found = options("-n")
    assert (found.workspace, found.datasets_datastore) == ("of-variables", "innereyedatasets")


def test_the_command_line_wins(options, capfd):
    found = options("--profile", "cloud", "--azureml-workspace", "of-command", "-n", "all")
    assert (found.workspace, found.datasets_datastore) == ("of-command", "of-profile")
    assert capfd.readouterr().err == "", "Snakemake has named its profiles already"


def test_what_only_starting_runs_needs_may_be_missing(options):
    assert options("--executor", "azureml", "--jobs", "1").cluster == ""


@pytest.mark.parametrize("program", ["/usr/bin/pytest", "/lib/pytest/__main__.py", ""])
def test_another_program_has_no_options_of_snakemake(options, program):
    found = options("--azureml-workspace", "of-command", "-x", program=program)
    assert found.workspace == "of-variables"


def test_snakemake_as_a_module_is_snakemake_too(options):
    program = f"{sys.prefix}/lib/snakemake/__main__.py"
    found = options("--azureml-workspace", "of-command", program=program)
    assert found.workspace == "of-command"
