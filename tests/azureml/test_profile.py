"""The profile works as it is written in the design, and leaves alone what the default one sets."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from snakemake.cli import parse_args
from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

from projects import REPOSITORY
from snakemake_executor_plugin_azureml.options import resolve_options
from snakemake_executor_plugin_azureml.settings import ExecutorSettings

PIPELINE = ("Snakefile", "rules", "scripts", "config", "envs", "profiles")
WORKSPACE = {
    "subscription_id": "00000000-0000-0000-0000-000000000001",
    "resource_group": "group",
    "workspace": "space",
    "cluster": "cluster",
    "experiment": "mine",
}


def profile(name):
    return yaml.safe_load((REPOSITORY / "profiles" / name / "profile.yaml").read_text())


def snakemake(folder, *arguments):
    done = subprocess.run(
        (sys.executable, "-m", "snakemake", *arguments),
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout + done.stderr


@pytest.fixture
def clone(tmp_path):
    """A working folder that looks like a fresh clone, the link at its top included."""
    for name in PIPELINE:
        (tmp_path / name).symlink_to(REPOSITORY / name)
    (tmp_path / "azureml").symlink_to("profiles/azureml")
    return tmp_path


@pytest.mark.parametrize("name", ["azureml", "profiles/azureml"])
def test_a_dry_run_needs_neither_workspace_nor_sign_in(name, clone):
    printed = snakemake(clone, "--profile", name, "outputs/CrossValResults", "-n")
    assert re.search(r"^train_model +5$", printed, flags=re.MULTILINE)


def test_a_workflow_sees_that_it_runs_in_the_cloud(tmp_path):
    (tmp_path / "Snakefile").write_text(
        "print('known:', 'azureml_runs' in workflow.global_resources)\nrule all:\n"
    )
    folder = REPOSITORY / "profiles" / "azureml"
    assert "known: True" in snakemake(tmp_path, "--profile", str(folder), "-n")
    assert "known: False" in snakemake(tmp_path, "--cores", "1", "-n")


def test_the_conda_file_is_found_from_every_folder(clone, monkeypatch, tmp_path_factory):
    away = tmp_path_factory.mktemp("away")
    for folder, name in ((clone, "azureml"), (away, str(clone / "profiles" / "azureml"))):
        monkeypatch.chdir(folder)
        _, args = parse_args(["--workflow-profile", "none", "--profile", name])
        settings = ExecutorPluginRegistry().get_plugin("azureml").get_settings(args)
        variables = {f"SNAKEMAKE_AZUREML_{key.upper()}": text for key, text in WORKSPACE.items()}
        found = resolve_options(settings, variables, Path.cwd())
        assert found.conda_file == REPOSITORY / "envs" / "innereye.yaml"


def test_no_key_of_the_default_profile_is_set_again():
    # Snakemake takes the default profile's value, whatever --profile says.
    for name in ("azureml", "local"):
        assert profile("default").keys() & profile(name).keys() == set()


def test_no_profile_makes_snakemake_forget_its_runs():
    assert "rerun-incomplete" not in {**profile("azureml"), **profile("default")}


def test_no_value_is_one_that_snakemake_takes_for_a_file():
    # A text that exists beside the profile becomes a path, and the empty text the folder itself.
    folder = REPOSITORY / "profiles" / "azureml"
    texts = [text for text in profile("azureml").values() if isinstance(text, str)]
    assert [text for text in texts if (folder / text).exists()] == ["../../envs/innereye.yaml"]
    assert "" not in texts


README = (REPOSITORY / "profiles" / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("line", re.findall(r"^    (snakemake .+)$", README, flags=re.MULTILINE))
def test_snakemake_understands_every_command_of_the_readme(line, clone, monkeypatch):
    monkeypatch.chdir(clone)
    parser, args = parse_args(line.split("#")[0].split()[1:])
    assert parser
    assert args.executor == ("azureml" if "--profile azureml" in line else None)


def test_the_readme_names_every_option():
    missing = [name for name in vars(ExecutorSettings()) if f"`{name}`" not in README]
    assert missing == []


def test_the_settings_file_of_the_readme_is_understood(tmp_path):
    (block,) = re.findall(r"```yaml\n(variables:.+?)```", README, flags=re.DOTALL)
    text = block.replace("'...'", "'00000000-0000-0000-0000-000000000001'")
    (tmp_path / "settings.yml").write_text(text)
    found = resolve_options(None, {}, tmp_path)
    assert (found.workspace, found.cluster) == ("my-workspace", "my-gpu-cluster")
