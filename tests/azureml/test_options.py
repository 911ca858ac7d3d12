"""What holds for a call, from wherever it is stated; all mistakes at once."""

import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snakemake_executor_plugin_azureml.credentials import hide_secrets
from snakemake_executor_plugin_azureml.options import Options, SettingsError, resolve_options
from snakemake_executor_plugin_azureml.settings import ExecutorSettings

SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"
WORKSPACE = {
    "SNAKEMAKE_AZUREML_SUBSCRIPTION_ID": SUBSCRIPTION,
    "SNAKEMAKE_AZUREML_RESOURCE_GROUP": "group",
    "SNAKEMAKE_AZUREML_WORKSPACE": "space",
    "USER": "anna",
}
# As the original ships it, but for the ids and the datastore, whose name is our default.
INNEREYE_SETTINGS = f"""
variables:
  tenant_id: '00000000-0000-0000-0000-00000000aaaa'
  subscription_id: '{SUBSCRIPTION}'
  application_id: '00000000-0000-0000-0000-00000000c0de'
  azureml_datastore: 'theirdatasets'
  resource_group: 'InnerEye-DeepLearning'
  docker_shm_size: '440g'
  workspace_name: 'InnerEye-DeepLearning'
  cluster: 'training-nd24'
  model_configs_namespace: ''
  extra_code_directory: ''
"""


def resolve(folder, variables=None, **settings):
    known = ExecutorSettings(**settings) if settings else None
    return resolve_options(known, {**WORKSPACE, **(variables or {})}, folder)


def faults(folder, variables=None, **settings):
    with pytest.raises(SettingsError) as raised:
        resolve(folder, variables, **settings)
    assert str(raised.value) == "\n".join(raised.value.faults)
    return raised.value.faults


def write_settings(folder, text, name="settings.yml"):
    (folder / name).write_text(f"variables:\n{text}", encoding="utf-8")


def git(folder, *command):
    identity = ("-c", "user.name=Anna", "-c", "user.email=a@example.org")
    subprocess.run(("git", *identity, *command), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "--initial-branch=anna/first-try")
    git(tmp_path, "commit", "--allow-empty", "--message=first")
    return tmp_path


def test_later_places_win(tmp_path):
    write_settings(
        tmp_path, "  cluster: shared\n  tag: shared\n  datastore: shared\n  docker_image: s\n"
    )
    write_settings(
        tmp_path, "  tag: own\n  datastore: own\n  docker_image: o\n", "InnerEyePrivateSettings.yml"
    )
    variables = {
        "SNAKEMAKE_AZUREML_DATASTORE": "variable",
        "SNAKEMAKE_AZUREML_DOCKER_IMAGE": "variable",
    }
    found = resolve(tmp_path, variables, docker_image="line", environment="e")
    assert (found.cluster, found.tag, found.datastore, found.docker_image) == (
        *("shared", "own"),
        *("variable", "line"),
    )


def test_the_originals_settings_file_is_understood(tmp_path):
    (tmp_path / "settings.yml").write_text(INNEREYE_SETTINGS)
    found = resolve_options(None, {}, tmp_path)
    assert (found.workspace, found.resource_group) == ("InnerEye-DeepLearning",) * 2
    assert (found.cluster, found.docker_shm_size) == ("training-nd24", "440g")
    assert (found.datasets_datastore, found.datastore) == ("theirdatasets", "")
    assert found.tenant_id.endswith("aaaa")
    assert found.application_id.endswith("c0de")
    assert [note for note in found.notes if "settings.yml" in note] == []


def test_a_settings_file_elsewhere_has_its_private_one_beside_it(tmp_path):
    (tmp_path / "away").mkdir()
    write_settings(tmp_path / "away", "  cluster: shared\n", "mine.yml")
    write_settings(tmp_path / "away", "  tag: own\n", "InnerEyePrivateSettings.yml")
    write_settings(tmp_path, "  cluster: not this one\n")
    found = resolve(tmp_path, settings_file="away/mine.yml", environment="e")
    assert (found.cluster, found.tag) == ("shared", "own")
    assert found.settings_file == tmp_path / "away" / "mine.yml"


def test_all_mistakes_are_told_at_once(tmp_path):
    wrong = {"docker_shm_size": "much", "time_limit": "soon", "download": "some", "tags": "a"}
    found = faults(tmp_path, subscription_id="My subscription", upload_warning_gb="-1", **wrong)
    for name in (*wrong, "subscription_id", "upload_warning_gb", "cluster", "environment"):
        assert [fault for fault in found if name in fault], name
    assert len(found) == 8


def test_what_is_needed_is_named_with_all_ways_to_state_it(tmp_path):
    with pytest.raises(SettingsError, match="--azureml-resource-group") as raised:
        resolve_options(None, {}, tmp_path)
    assert "SNAKEMAKE_AZUREML_WORKSPACE" in str(raised.value)
    assert len(raised.value.faults) == 3


def test_to_look_into_the_workspace_no_cluster_is_needed(tmp_path):
    assert resolve(tmp_path).cluster == ""
    assert faults(tmp_path, environment="e")[0].startswith("cluster is not stated")


@pytest.mark.parametrize(
    "entry",
    ["application_key", "AZURE-CLIENT-SECRET", "password", "sas_token", "storage_account_key"],
)
def test_a_secret_in_a_settings_file_is_refused_and_not_shown(entry, tmp_path):
    write_settings(tmp_path, f"  {entry}: hunter22\n")
    (found,) = faults(tmp_path)
    assert hide_secrets(found, {}) == found  # the sentence itself looks like no secret
    assert entry in found
    assert "APPLICATION_KEY" in found
    assert "hunter22" not in found


def test_where_settings_are_missing_it_is_told_that_the_file_has_no_variables(tmp_path):
    (tmp_path / "settings.yml").write_text("workspace_name: w\n")
    with pytest.raises(SettingsError, match="has no mapping `variables:`"):
        resolve_options(None, {}, tmp_path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("variables:\n  clutser: a\n", "unknown setting clutser. Did you mean cluster?"),
        ("variables:\n  num_epochs: 3\n", "behind --config"),
        ("variables:\n  workspace: a\n  workspace_name: b\n", "states workspace twice"),
        ("variables: [\n", "cannot be read as YAML (line 2)"),
        ("cluster: a\n", "has no mapping `variables:`"),
    ],
)
def test_a_mistake_in_a_stated_settings_file_is_told(text, sentence, tmp_path):
    (tmp_path / "mine.yml").write_text(text)
    variables = {"SNAKEMAKE_AZUREML_SETTINGS_FILE": "mine.yml"}
    assert sentence in "\n".join(faults(tmp_path, variables))


def test_a_stated_settings_file_must_be_there(tmp_path):
    assert (
        "nowhere.yml is not there"
        in faults(tmp_path, settings_file="nowhere.yml", environment="e")[0]
    )


def test_a_settings_yml_of_another_program_is_passed_over_with_a_note(tmp_path):
    (tmp_path / "settings.yml").write_text("theme: dark\n")
    assert "has no mapping" in resolve(tmp_path).notes[0]


def test_an_empty_settings_file_states_nothing(tmp_path):
    (tmp_path / "settings.yml").write_text("variables:\n")
    assert resolve(tmp_path).settings_file is None


def test_options_of_the_workflow_in_a_settings_file_are_noted(tmp_path):
    write_settings(tmp_path, "  extra_code_directory: InnerEyeLocal\n  azureml: False\n")
    (note,) = [note for note in resolve(tmp_path).notes if "settings.yml" in note]
    assert "extra_code_directory" in note
    assert "config/config.yaml" in note


def test_the_branch_names_the_experiment(checkout):
    assert resolve(checkout).experiment == "anna_first_try"
    assert resolve(checkout, {"SNAKEMAKE_AZUREML_EXPERIMENT": "my/own"}).experiment == "my_own"
    write_settings(checkout, "  build_branch: main\n")
    assert resolve(checkout).experiment == "main"


def test_without_git_the_month_names_the_experiment_with_a_note(tmp_path):
    found = resolve_options(None, WORKSPACE, tmp_path, today=date(2026, 3, 9))
    assert found.experiment == "anna_local_branch_202603"
    assert "--azureml-experiment" in found.notes[0]


def test_on_a_detached_head_no_run_starts_but_the_workspace_can_be_looked_at(checkout):
    git(checkout, "checkout", "--detach")
    assert "detached head" in faults(checkout, cluster="c", environment="e")[0]
    assert resolve(checkout, cluster="c", environment="e", experiment="mine").experiment == "mine"
    assert "_local_branch_" in resolve(checkout).experiment


def test_a_conda_file_is_found_from_the_place_that_names_it(tmp_path):
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "conda.yaml").write_text("")
    (tmp_path / "link").symlink_to("envs")
    write_settings(tmp_path / "envs", "  conda_file: conda.yaml\n")
    named = ("envs/conda.yaml", "link/../envs/conda.yaml", str(tmp_path / "envs/conda.yaml"))
    options = [resolve(tmp_path, conda_file=name, cluster="c") for name in named]
    options.append(resolve(tmp_path, settings_file="envs/settings.yml", cluster="c"))
    assert {found.conda_file for found in options} == {tmp_path / "envs" / "conda.yaml"}


def test_a_missing_conda_file_matters_only_without_an_environment(tmp_path):
    assert "no file" in faults(tmp_path, conda_file="a.yaml", cluster="c")[0]
    found = resolve(tmp_path, conda_file="a.yaml", cluster="c", environment="ours:3")
    assert found.environment == "ours:3"


def test_builds_of_a_settings_file_become_tags_and_stated_tags_win(tmp_path):
    write_settings(
        tmp_path, "  build_number: 12\n  build_user: anna\n  tags: {build_user: eva, a: 1}\n"
    )
    assert resolve(tmp_path).tags == {"build_number": "12", "build_user": "eva", "a": "1"}


@pytest.mark.parametrize(
    "text", ["run_recovery_id=a:b", '{"workflow_run": "x"}', "a=" + "x" * 1001]
)
def test_tags_that_the_service_or_the_executor_needs_otherwise_are_refused(text, tmp_path):
    assert faults(tmp_path, {"SNAKEMAKE_AZUREML_TAGS": text})[0].startswith("tags=")


def test_a_secret_without_its_owner_is_told_with_the_other_mistakes(tmp_path):
    (found,) = faults(tmp_path, {"APPLICATION_KEY": "hunter22"})
    assert "AZURE_TENANT_ID and AZURE_CLIENT_ID" in found
    assert "hunter22" not in found


texts = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=8)
options = st.builds(
    Options,
    subscription_id=st.just(SUBSCRIPTION),
    resource_group=texts,
    workspace=texts,
    cluster=texts,
    experiment=st.from_regex(r"[a-z0-9][a-z0-9]{0,8}(_[a-z0-9]{1,3})?", fullmatch=True),
    environment=st.just("") | texts,
    conda_file=st.none() | st.just(Path("/data/conda.yaml")),
    docker_shm_size=st.sampled_from(["16g", "512m"]),
    datasets_datastore=texts,
    tag=st.just("") | texts,
    tags=st.dictionaries(st.sampled_from("abc"), st.text(max_size=9), max_size=3),
    time_limit_s=st.none() | st.integers(1, 10**6),
    download=st.sampled_from(["all", "declared"]),
    upload_warning_gb=st.sampled_from([0.5, 10.0, 123.0]),
)


@given(options)
def test_exported_options_come_back_in_another_process(options):
    found = resolve_options(None, options.export(), Path("/nowhere"))
    assert replace(found, notes=()) == options


def test_what_is_exported_holds_no_secret(tmp_path):
    variables = {"APPLICATION_KEY": "hunter22", "AZURE_CLIENT_SECRET": "hunter23"}
    ids = {"tenant_id": "t", "application_id": "a", "cluster": "c", "environment": "e"}
    found = resolve(tmp_path, variables, **ids)
    assert "hunter" not in repr(found) + str(found.export())
