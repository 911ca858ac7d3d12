"""What is written on a run."""

from snakemake_executor_plugin_azureml.git_state import GitState
from snakemake_executor_plugin_azureml.tags import fitting_tags, submission_tags

SOURCE = GitState(
    is_checkout=True,
    branch="foo/bar",
    commit="0a1b",
    is_dirty=False,
    author="Anna",
    message="first",
    repository="https://example.org/a.git",
)


def tags(command_line=("snakemake",), environ=None, **more):
    return submission_tags(
        **{
            "experiment": "foo_bar",
            "run": "foo_bar_1_a",
            "workflow_run": "w",
            "source": SOURCE,
            **more,
        },
        command_line=command_line,
        environ=environ or {},
    )


def test_a_run_has_the_originals_tags_and_those_by_which_it_is_found():
    assert tags(["snakemake", "--config", "tag=two words"], tag="first") == {
        "tag": "first",
        "source_repository": "https://example.org/a.git",
        "source_branch": "foo/bar",
        "source_id": "0a1b",
        "source_dirty": "False",
        "source_author": "Anna",
        "source_message": "first",
        "commandline_args": "snakemake --config 'tag=two words'",
        "run_recovery_id": "foo_bar:foo_bar_1_a",
        "workflow_run": "w",
    }


def test_without_a_checkout_there_are_no_tags_on_the_sources():
    assert set(tags(source=GitState())) == {"commandline_args", "run_recovery_id", "workflow_run"}


def test_the_rule_wins_over_the_user_and_the_executor_over_both():
    of_the_job = {"model_name": "Prostate", "workflow_run": "x"}
    found = tags(stated={"model_name": "mine", "source_branch": "main"}, of_the_job=of_the_job)
    assert (found["model_name"], found["source_branch"]) == ("Prostate", "main")
    assert found["workflow_run"] == "w"


def test_a_retry_tells_which_attempt_it_is():
    assert "attempt" not in tags()
    assert tags(attempt=2)["attempt"] == "2"


def test_no_tag_shows_a_secret():
    line = ["snakemake", "--config", "a=hunter22", "url=https://x?sig=hunter23"]
    found = tags(line, {"APPLICATION_KEY": "hunter22"}, stated={"note": "it is hunter22"})
    assert "hunter" not in str(found)


def test_tags_fit_the_service():
    many = {f"{number:03}" + "n" * 200: "x" * 2000 for number in range(80)}
    found = fitting_tags({**many, "empty": "", "run_recovery_id": "a:b", "workflow_run": "w"})
    assert len(found) == 50
    assert {len(name) for name in found} <= {100, len("run_recovery_id"), len("workflow_run")}
    assert max(len(value) for value in found.values()) == 1000
    assert found["run_recovery_id"] == "a:b"
    assert found["workflow_run"] == "w"
    assert "empty" not in found
