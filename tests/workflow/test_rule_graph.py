"""The picture of the rules in README."""

import re

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


def test_the_picture_in_readme_is_fresh(fresh_clone: Project, update_golden: bool) -> None:
    drawn = rule_graph(fresh_clone)
    assert "split_dataset --> train_model" in drawn
    readme = REPOSITORY / "README.md"
    head, rest = readme.read_text().split(BEGIN)
    shown, tail = rest.split(END)
    if update_golden:
        readme.write_text(f"{head}{BEGIN}{drawn}{END}{tail}")
    else:
        assert shown == drawn
