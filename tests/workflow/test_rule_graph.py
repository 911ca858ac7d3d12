"""The picture of the rules in README, and the other pictures that Snakemake draws."""

import re
from pathlib import Path

from projects import REPOSITORY, Project

BEGIN = "<!-- rule graph: made by `make golden`, checked by a test -->\n"
END = "<!-- end of the rule graph -->\n"


def rule_graph(project: Project, *arguments: str) -> str:
    """Return the rules and their order as a mermaid picture, without the rule that only collects."""
    printed = project.run(*arguments, "--rulegraph", "mermaid-js").stdout
    names = dict(re.findall(r"^\s*(id\d+)\[(\S+)\]$", printed, flags=re.MULTILINE))
    pairs = re.findall(r"^\s*(id\d+) --> (id\d+)$", printed, flags=re.MULTILINE)
    edges = sorted({(names[a], names[b]) for a, b in pairs if names[b] != "all"})
    lines = ["```mermaid", "flowchart LR", *(f"    {a} --> {b}" for a, b in edges), "```"]
    return "\n".join(lines) + "\n"


def clone(folder: Path) -> Project:
    """Return a fresh clone as a working folder."""
    for name in ("Snakefile", "rules", "scripts", "config", "envs", "profiles"):
        (folder / name).symlink_to(REPOSITORY / name)
    return Project(folder, config_file="config/config.yaml")


def test_the_picture_in_readme_is_fresh(tmp_path: Path, update_golden: bool) -> None:
    drawn = rule_graph(clone(tmp_path))
    assert "split_dataset --> train_model" in drawn
    readme = REPOSITORY / "README.md"
    head, rest = readme.read_text().split(BEGIN)
    shown, tail = rest.split(END)
    if update_golden:
        readme.write_text(f"{head}{BEGIN}{drawn}{END}{tail}")
    else:
        assert shown == drawn


def test_a_cross_validation_has_a_run_for_each_fold(project: Project) -> None:
    for target in ("outputs/CrossValResults", "outputs/CrossValResults/"):
        printed = project.succeed("-n", target)
        assert re.search(r"^train_model +5$", printed, flags=re.MULTILINE)
    printed = project.succeed("-n", number_of_cross_validation_splits=3)
    assert re.search(r"^train_model +3$", printed, flags=re.MULTILINE)


def test_pictures_of_the_jobs(project: Project) -> None:
    assert "digraph" in project.succeed("--dag")
    assert "flowchart" in project.run("--dag", "mermaid-js").stdout


def test_the_profile_of_a_workstation(project: Project) -> None:
    profile = str(REPOSITORY / "profiles" / "local")
    assert "train_model" in project.succeed("-n", "--profile", profile)
