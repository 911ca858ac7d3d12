"""The snapshot holds the code of the workflow: no data, no results, no secrets."""

import pytest

from snakemake_executor_plugin_azureml.sources import LARGEST_SOURCE, stage_sources
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

SECRET = "very-secret-value"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder, *names, content="x = 1\n"):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return list(names)


def staged(folder, paths, folders=(), secrets=(SECRET,)):
    target = stage_sources(paths, folders, folder / ".snakemake" / "staged", secrets)
    found = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    return found - {".amlignore", ".azureml_job/node.py"}


def test_code_goes_along_and_results_private_files_and_tests_do_not(folder):
    kept = write(
        folder, "Snakefile", "rules/a.smk", "scripts/x.py", "config/config.yaml", "envs/e.yaml"
    )
    dropped = write(
        folder,
        *(
            ".git/config",
            ".snakemake/log/a.log",
            "outputs/metrics.csv",
            "scripts/__pycache__/x.pyc",
        ),
        *("settings.yml", "InnerEyePrivateSettings.yml", ".env", "tests/test_x.py", "logs/a.log"),
    )
    assert staged(folder, kept + dropped) == set(kept)


def test_further_folders_go_along_whole(folder):
    write(folder, "Snakefile", "InnerEyeLocal/ML/a.py", "InnerEyeLocal/ML/b.yml", "Other/c.py")
    assert staged(folder, ["Snakefile"], ["InnerEyeLocal"]) == {
        "Snakefile",
        "InnerEyeLocal/ML/a.py",
        "InnerEyeLocal/ML/b.yml",
    }


def test_a_file_with_the_secret_is_refused_by_name_and_the_secret_is_not_said(folder):
    paths = write(folder, "config/a.yaml", content=f"key: {SECRET}\n")
    with pytest.raises(WorkspaceError, match=r"config/a\.yaml holds the secret") as error:
        staged(folder, paths)
    assert SECRET not in str(error.value)


def test_a_large_file_stays_here(folder):
    paths = write(folder, "Snakefile")
    with (folder / "big.bin").open("wb") as stream:
        stream.truncate(LARGEST_SOURCE + 1)
    assert staged(folder, [*paths, "big.bin"]) == {"Snakefile"}


def test_a_workflow_that_lies_elsewhere_is_refused(folder):
    with pytest.raises(WorkspaceError, match="outside the working directory"):
        staged(folder, [__file__])


def test_what_was_staged_before_is_gone(folder):
    assert staged(folder, write(folder, "a.py", "b.py")) == {"a.py", "b.py"}
    assert staged(folder, ["a.py"]) == {"a.py"}


def test_links_are_followed_and_a_deleted_file_is_no_obstacle(folder):
    write(folder, "profiles/azureml/profile.yaml")
    (folder / "azureml.yaml").symlink_to("profiles/azureml/profile.yaml")
    assert staged(folder, ["azureml.yaml", "gone.py"]) == {"azureml.yaml"}
