"""Does every rule have a log, an environment and a script of its own name?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

EXECUTES = {"script", "shell", "notebook", "run", "wrapper", "cwl"}


@dataclass(frozen=True)
class Rule:
    """A rule as text: its name, where it stands, and the text of each of its directives."""

    name: str
    where: str
    directives: dict[str, str]

    @property
    def executes(self) -> bool:
        return bool(EXECUTES & self.directives.keys())

    @property
    def text(self) -> str:
        return "\n".join(self.directives.values())


def rules_of(file: Path) -> Iterator[Rule]:
    """Cut a Snakemake file into its rules (named ones, as they stand after snakefmt)."""
    text = file.read_text(encoding="utf-8")
    block = r"^([ \t]*)(rule|checkpoint)[ \t]*(\w*)[ \t]*:[ \t]*\n((?:\1[ \t]+\S.*\n?|[ \t]*\n)*)"
    for found in re.finditer(block, text, re.MULTILINE):
        number = text[: found.start()].count("\n") + 1
        directives = directives_of(found[4])
        if found[2] == "checkpoint":
            directives["checkpoint"] = ""
        yield Rule(found[3], f"{file.name}:{number}", directives)


def directives_of(body: str) -> dict[str, str]:
    lines = [line for line in body.splitlines() if line.strip()]
    indent = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    parts = re.split(rf"^[ \t]{{{indent}}}(\w+):", "\n".join(lines), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def all_rules(root: Path) -> list[Rule]:
    files = [*sorted(root.glob("rules/*.smk")), *root.glob("Snakefile")]
    return [rule for file in files for rule in rules_of(file)]


def without_log_or_environment(root: Path) -> list[str]:
    return [
        f"{rule.where}: rule {rule.name} has no {directive}"
        for rule in all_rules(root)
        for directive in ("log", "conda")
        if rule.executes and directive not in rule.directives
    ]


def missing_environments(root: Path) -> list[str]:
    return [
        f"{rule.where}: rule {rule.name} names {path}, which is not there"
        for rule in all_rules(root)
        for path in re.findall(r"""["']([^"']+)["']""", rule.directives.get("conda", ""))
        if not (root / "rules" / path).is_file()
    ]


def foreign_scripts(root: Path) -> list[str]:
    """One search for a rule's name finds the rule, its script and the library's function."""
    faults = []
    for rule in all_rules(root):
        stems = set(re.findall(r"(\w+)\.py\b", rule.text if rule.executes else ""))
        if stems - {rule.name}:
            faults.append(f"{rule.where}: rule {rule.name} runs {sorted(stems)}")
        elif stems and not (root / "scripts" / f"{rule.name}.py").is_file():
            faults.append(f"{rule.where}: rule {rule.name} has no scripts/{rule.name}.py")
    return faults


def forgotten_scripts(root: Path) -> list[str]:
    names = {rule.name for rule in all_rules(root)}
    return [
        f"scripts/{file.name} belongs to no rule"
        for file in sorted((root / "scripts").glob("*.py"))
        if file.stem not in names
    ]


def forbidden_words(root: Path) -> list[str]:
    """`run:` costs seconds per job, checkpoints hide the plan, protected() and config leak."""
    forbidden = re.compile(r"\bprotected\(|\bsnakemake\.config\b")
    faults = [
        f"{rule.where}: rule {rule.name} uses {word}"
        for rule in all_rules(root)
        for word in ({"run", "checkpoint"} & rule.directives.keys())
    ]
    files = [*root.glob("rules/*.smk"), *root.glob("Snakefile"), *root.glob("scripts/*.py")]
    return faults + [
        f"{file.name}: {found[0]}"
        for file in sorted(files)
        for found in forbidden.finditer(file.read_text(encoding="utf-8"))
    ]


LAWS = [
    without_log_or_environment,
    missing_environments,
    foreign_scripts,
    forgotten_scripts,
    forbidden_words,
]


@pytest.mark.parametrize("law", LAWS)
def test_rules_keep_the_law(law, repository):
    if not any(repository.glob("rules/*.smk")):
        pytest.skip("there are no rules yet")
    faults = law(repository)
    assert not faults, "\n".join(faults)


GOOD = """
rule score:
    input:
        "<run>/segmentations.csv",
    output:
        metrics="<run>/metrics.csv",
    log:
        "<run>/logs/score.log",
    conda:
        "../envs/innereye.yaml"
    script:
        "../scripts/score.py"


rule all:
    input:
        "outputs/report.html",
"""


def house(root: Path, rules: str) -> Path:
    files = {"rules/a.smk": rules, "scripts/score.py": "x = 1", "envs/innereye.yaml": ""}
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def test_a_good_rule_passes_every_law(tmp_path):
    assert [fault for law in LAWS for fault in law(house(tmp_path, GOOD))] == []
    assert [rule.name for rule in all_rules(tmp_path)] == ["score", "all"]


@pytest.mark.parametrize(
    ("law", "old", "new"),
    [
        (without_log_or_environment, '    log:\n        "<run>/logs/score.log",\n', ""),
        (without_log_or_environment, '    conda:\n        "../envs/innereye.yaml"\n', ""),
        (missing_environments, "envs/innereye.yaml", "envs/other.yaml"),
        (foreign_scripts, "scripts/score.py", "scripts/judge.py"),
        (foreign_scripts, "rule score:", "rule judge:"),
        (foreign_scripts, 'script:\n        "../', 'shell:\n        "python ../scripts/judge.py {'),
        (forgotten_scripts, "rule score:", "rule judge:"),
        (forbidden_words, 'script:\n        "../scripts/score.py"', "run:\n        score()"),
        (forbidden_words, "rule score:", "checkpoint score:"),
        (forbidden_words, '"<run>/metrics.csv"', 'protected("<run>/metrics.csv")'),
    ],
)
def test_a_break_of_the_law_is_found(law, old, new, tmp_path):
    assert old in GOOD
    assert law(house(tmp_path, GOOD.replace(old, new)))
