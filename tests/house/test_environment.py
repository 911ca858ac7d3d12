"""Are the pins complete, and is the conda environment made from them?"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, packages_distributions, requires, version
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

PIN = re.compile(r"([A-Za-z0-9._-]+)==([A-Za-z0-9.!]+)")
CONSTRAINTS = "envs/constraints.txt"
LINT_CONSTRAINTS = "envs/lint-constraints.txt"
TORCHVISION = "envs/torchvision.txt"
CONDA = "envs/innereye.yaml"
INSTALLERS = {"pip", "setuptools"}

# The build of torch for GPUs names its own libraries, each with an exact version.
GPU_LIBRARIES = ("nvidia-", "cuda-", "triton")

HEAD = """\
# The conda environment of every rule: what the pipeline needs, without tools for development.
# Generated from envs/constraints.txt (make golden); a test fails when it is stale.
"""


def pin_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def read_pins(text: str) -> dict[str, Version]:
    found = [PIN.fullmatch(line) for line in pin_lines(text)]
    return {canonicalize_name(pin[1]): Version(pin[2]) for pin in found if pin}


def odd_lines(text: str) -> list[str]:
    """Return what is no `name==version`: ranges, hosts, files, versions of one machine's build."""
    lines = pin_lines(text)
    names = [canonicalize_name(line.split("==")[0]) for line in lines]
    odd = [line for line in lines if not PIN.fullmatch(line)]
    return odd + [f"{name} twice" for name in sorted(set(names)) if names.count(name) > 1]


def stated(project: dict, *extras: str) -> list[Requirement]:
    """Return the requirements of pyproject.toml: the core, and those of the extras."""
    core = [Requirement(text) for text in project["dependencies"]]
    return core + [requirement for name in extras for requirement in stated_by(project, name)]


def stated_by(project: dict, extra: str) -> list[Requirement]:
    return [Requirement(text) for text in project["optional-dependencies"][extra]]


def badly_pinned(wanted: Iterable[Requirement], pins: dict[str, Version]) -> list[str]:
    faults = []
    for requirement in wanted:
        pin = pins.get(canonicalize_name(requirement.name))
        if pin is None:
            faults.append(f"{requirement.name} has no pin")
        elif not requirement.specifier.contains(pin, prereleases=True):
            faults.append(f"{requirement} is pinned to {pin}")
    return faults


def closure(wanted: Iterable[Requirement]) -> set[str]:
    """Return the names of the installed packages that the requirements lead to."""
    waiting = [(Requirement(str(item)), "") for item in wanted]
    seen: set[tuple[str, str]] = set()
    while waiting:
        requirement, extra = waiting.pop()
        name = canonicalize_name(requirement.name)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": extra})
        if not applies or name.startswith(GPU_LIBRARIES):
            continue
        for key in {(name, inner) for inner in ("", *requirement.extras)} - seen:
            seen.add(key)
            waiting += [(Requirement(text), key[1]) for text in requires(name) or []]
    return {name for name, _ in seen}


def differing(names: Iterable[str], pins: dict[str, Version]) -> list[str]:
    """Return the packages whose installed version is not the pinned one."""
    installed = {name: Version(Version(version(name)).public) for name in sorted(names)}
    return [
        f"{name} {found} is installed, {pins.get(name, 'nothing')} is pinned"
        for name, found in installed.items()
        if pins.get(name) != found
    ]


def conda_environment(names: Iterable[str], pins: dict[str, Version]) -> str:
    """Return the text of envs/innereye.yaml: conda gives Python, pip the pinned packages."""
    lines = ["name: innereye", "channels:", "  - conda-forge", "  - nodefaults", "dependencies:"]
    lines += ["  - python=3.11", "  - pip", "  - pip:"]
    lines += [f"      - {name}=={pins[name]}" for name in sorted(names)]
    return HEAD + "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def project(repository):
    return tomllib.loads((repository / "pyproject.toml").read_text())["project"]


@pytest.fixture(scope="module")
def pins(repository):
    return read_pins((repository / CONSTRAINTS).read_text())


@pytest.mark.parametrize("file", [CONSTRAINTS, LINT_CONSTRAINTS, TORCHVISION])
def test_every_line_is_an_exact_pin(file, repository):
    assert odd_lines((repository / file).read_text()) == []


def test_every_stated_dependency_is_pinned_within_its_bounds(project, pins):
    assert badly_pinned(stated(project, "azureml", "dev", "export"), pins) == []


def test_the_pinned_torchvision_goes_with_the_pinned_torch(project, pins, repository):
    pin = read_pins((repository / TORCHVISION).read_text())
    assert badly_pinned(stated_by(project, "torchvision"), pin) == []
    # torch 2.N goes with torchvision 0.(N + 15), and their last numbers are the same.
    torch, torchvision = pins["torch"], pin["torchvision"]
    assert (torchvision.minor - 15, torchvision.micro) == (torch.minor, torch.micro)


def test_the_whole_closure_is_pinned_and_nothing_else(project, pins):
    names = closure(stated(project, "azureml", "dev", "export")) | INSTALLERS
    assert differing(names, pins) == []
    if sys.platform == "linux" and sys.version_info[:2] == (3, 11):
        assert sorted(pins.keys() - names) == []


def test_the_conda_environment_is_fresh(project, pins, repository, update_golden):
    text = conda_environment(closure(stated(project, "export")), pins)
    if update_golden:
        (repository / CONDA).write_text(text, encoding="utf-8")
    assert (repository / CONDA).read_text(encoding="utf-8") == text, "stale: run `make golden`"


def test_the_conda_environment_has_every_core_dependency(project, repository):
    content = yaml.safe_load((repository / CONDA).read_text())
    pip = next(part["pip"] for part in content["dependencies"] if isinstance(part, dict))
    assert badly_pinned(stated(project, "export"), read_pins("\n".join(pip))) == []


def test_the_library_imports_only_what_is_stated(project, repository):
    stated_names = {canonicalize_name(item.name) for item in stated(project, "export")}
    faults = undeclared(repository / "scripts" / "innereye", stated_names)
    assert not faults, "\n".join(faults)


def foreign_packages(file: Path) -> set[str]:
    """Return the first names of what a file imports, function-local imports included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").split(".")[0])
    return names - set(sys.stdlib_module_names) - {"innereye"}


def undeclared(library: Path, names: set[str]) -> list[str]:
    """Return the imports of foreign packages that pyproject.toml does not state."""
    giver = packages_distributions()
    return [
        f"{file.relative_to(library)}: {module} is not among the dependencies"
        for file in sorted(library.rglob("*.py"))
        for module in sorted(foreign_packages(file))
        if not names & {canonicalize_name(name) for name in giver.get(module, [])}
    ]


@pytest.mark.parametrize(
    "line",
    ["torch==2.13.0+cpu", "numpy>=2", "numpy", "x @ wheels/x.whl", "-e .", "a==1\nA==2"],
)
def test_a_line_that_is_no_pin_is_found(line):
    assert odd_lines(f"# pins\n{line}\n")


@pytest.mark.parametrize("requirement", ["scipy>=1.0", "numpy>=3.0", "numpy<2"])
def test_a_missing_or_unfit_pin_is_found(requirement):
    assert badly_pinned([Requirement(requirement)], read_pins("numpy==2.4.6"))


def test_a_pin_of_another_version_is_found(pins):
    assert differing(["pytest"], {**pins, "pytest": Version("1.0")})
    assert differing(["pytest"], {})


def test_closure_follows_dependencies_and_extras():
    assert {"pandas", "python-dateutil", "six"} <= closure([Requirement("pandas")])
    assert "pysocks" in closure([Requirement("requests[socks]")])
    assert "pysocks" not in closure([Requirement("requests")])
    with pytest.raises(PackageNotFoundError):
        closure([Requirement("no-such-package")])


def test_an_undeclared_import_is_found(tmp_path):
    (tmp_path / "a.py").write_text("def f():\n    from scipy import ndimage\n")
    assert undeclared(tmp_path, {"numpy"})
    assert undeclared(tmp_path, {"scipy"}) == []
