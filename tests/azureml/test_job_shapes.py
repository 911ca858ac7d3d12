"""Whatever shape the outputs of a job have, they come back, and Snakemake finds nothing more to do."""

import os
import signal

import pytest

from clusters import ClusterProject, wait_until

SNAKEFILE = """
rule all:
    input:
        "outputs/folder", "root_folder", ".hidden/file.txt",
        "outputs/score.txt", "outputs/leaf.txt", "outputs/list.txt"

rule folder:
    output: directory("outputs/folder"), directory("root_folder")
    shell: "mkdir -p {output[0]}/sub {output[1]}; echo 1 > {output[0]}/sub/a; echo 2 > {output[1]}/b"

rule reads_folder:
    input: "outputs/folder"
    output: "outputs/list.txt"
    shell: "find {input} -name a > {output}"

rule hidden:
    output: ".hidden/file.txt"
    shell: "echo 1 > {output}"

rule train:
    output: large="outputs/large.bin", passing=temp("outputs/passing.txt")
    group: "one_run"
    shell: "head -c 8000000 /dev/urandom > {output.large}; echo 1 > {output.passing}"

rule segment:
    input: "outputs/large.bin"
    output: "outputs/score.txt"
    group: "one_run"
    shell: "wc -c < {input} > {output}"

rule other_leaf:
    input: "outputs/passing.txt"
    output: "outputs/leaf.txt"
    group: "one_run"
    resources: azureml_nodes=1
    shell: "cp {input} {output}"
"""

SAME_CHILD = """
rule all:
    input: expand("outputs/{split}.txt", split=["test", "val"])

rule segment:
    output: "outputs/{split}.txt"
    resources: azureml_parent="outputs/cv", azureml_child="0"
    shell: "echo {wildcards.split} > {output}"
"""

SCRIPT = """
rule script:
    output: "outputs/number.txt"
    params: names={"a", "b", "c", "d", "e"}
    script: "code/write.py"
"""
WRITE = "open(snakemake.output[0], 'w').write('{}')"


@pytest.fixture
def project(tmp_path, emulator):
    return ClusterProject(tmp_path / "project", emulator)


@pytest.mark.slow
def test_folders_hidden_files_and_groups_with_several_ends_come_back(project):
    project.set_up(SNAKEFILE)
    project.succeed()
    expected = {"folder/sub/a", "large.bin", "score.txt", "leaf.txt"}
    assert {f"outputs/{name}" for name in expected} <= project.files()
    assert (project.folder / "outputs/list.txt").read_text() == "outputs/folder/sub/a\n"
    assert (project.folder / "root_folder" / "b").read_text() == "2\n"
    assert (project.folder / ".hidden" / "file.txt").is_file()
    # What is large arrives last; what was made of it must not look outdated for that.
    assert "Nothing to be done" in project.succeed("--max-checksum-file-size", "0")
    assert len(project.run_ids()) == 4


@pytest.mark.slow
def test_two_jobs_that_claim_the_same_child_at_the_same_time_get_a_run_each(project):
    project.set_up(SAME_CHILD)
    project.succeed()
    assert project.files() == {"outputs/test.txt", "outputs/val.txt"}
    ends = sorted(run_id.rpartition("_")[2] for run_id in project.run_ids())
    assert ends[:2] == ["0", "0-r2"]


@pytest.mark.slow
@pytest.mark.parametrize(("number", "runs"), [(1, 1), (2, 2)])
def test_a_run_found_again_counts_only_if_its_script_is_still_the_same(project, number, runs):
    project.set_up(SCRIPT)
    script = project.folder / "code" / "write.py"
    script.parent.mkdir()
    script.write_text(WRITE.format(1))
    with project.emulator.hold("Queued"):
        process = project.start()
        wait_until(project.run_ids)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        script.write_text(WRITE.format(number))
    project.succeed("--unlock")
    project.succeed()
    assert (project.folder / "outputs" / "number.txt").read_text() == str(number)
    assert len(project.run_ids()) == runs
