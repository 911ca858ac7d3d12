"""What git says of a checkout."""

import subprocess

import pytest

from snakemake_executor_plugin_azureml.git_state import GitState, read_branch, read_git_state


def git(folder, *command):
    identity = ("-c", "user.name=Anna", "-c", "user.email=a@example.org")
    subprocess.run(("git", *identity, *command), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "--initial-branch=foo/bar")
    git(tmp_path, "commit", "--allow-empty", f"--message={'long ' * 40}")
    git(tmp_path, "remote", "add", "origin", "https://anna:token@example.org/a/b.git")
    return tmp_path


def test_a_checkout(checkout):
    found = read_git_state(checkout)
    assert (found.is_checkout, found.branch, found.author, found.is_dirty) == (
        True,
        "foo/bar",
        "Anna",
        False,
    )
    assert len(found.commit) == 40
    assert len(found.message) == 120


def test_a_token_in_the_address_of_the_remote_is_left_out(checkout):
    assert read_git_state(checkout).repository == "https://example.org/a/b.git"
    git(checkout, "remote", "set-url", "origin", "git@example.org:a/b.git")
    assert read_git_state(checkout).repository == "git@example.org:a/b.git"


def test_a_changed_file_is_noticed(checkout):
    (checkout / "a").write_text("")
    assert read_git_state(checkout).is_dirty


def test_a_detached_head_has_no_branch(checkout):
    git(checkout, "checkout", "--detach")
    assert read_git_state(checkout).branch == ""
    assert read_git_state(checkout).commit


def test_before_the_first_commit_there_is_a_branch(tmp_path):
    git(tmp_path, "init", "--initial-branch=main")
    found = read_git_state(tmp_path)
    assert (found.branch, found.commit) == ("main", "")


def test_no_checkout_and_no_git(tmp_path, checkout, monkeypatch):
    assert read_git_state(tmp_path / "nowhere") == GitState()
    monkeypatch.setenv("PATH", "")
    assert read_git_state(checkout) == GitState()
    assert read_branch(checkout) == ""
