"""Does the repository hold only what belongs there?"""

import re
import subprocess
from pathlib import Path

import pytest

TOP_LEVEL = {
    "Snakefile",
    "rules",
    "scripts",
    "config",
    "envs",
    "profiles",
    "tests",
    "README.md",
    "pyproject.toml",
    "Makefile",
    "LICENSE",
    "azureml",
}
MOST_BYTES = 500_000

# Folders of somebody's machine: they lead nowhere on another one.
MACHINE_FOLDER = re.compile(
    r"(?<![\w.~})/-])/(?:(?:home|root|Users|work|workspace|opt|private/var)/|tmp/(?=tmp))[\w.-]+"
    r"|\b[A-Z]:\\\\?Users\\\\?\w+|file:/{3}"
)

# "path: text" of folders that are meant, such as those that a test of this law is about.
MEANT: set[str] = set()


def git(root: Path, *arguments: str) -> list[str]:
    done = subprocess.run(
        ["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True
    )
    return [line for line in done.stdout.split("\0") if line]


def tracked(root: Path) -> list[str]:
    """Return the tracked paths; before the first commit, those that git does not ignore."""
    return git(root, "ls-files", "-z") or git(
        root, "ls-files", "-z", "--others", "--exclude-standard"
    )


def strangers(root: Path) -> list[str]:
    tops = {path.split("/")[0] for path in tracked(root)}
    return sorted(top for top in tops - TOP_LEVEL if not top.startswith("."))


def large_files(root: Path) -> list[str]:
    files = [root / path for path in tracked(root)]
    return [
        f"{file.relative_to(root)}: {file.stat().st_size} bytes"
        for file in files
        if file.is_file() and file.stat().st_size > MOST_BYTES
    ]


def machine_folders(root: Path) -> list[str]:
    faults = []
    for path in tracked(root):
        file = root / path
        if file.is_symlink() or not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), start=1):
            found = {match[0] for match in MACHINE_FOLDER.finditer(line)}
            found |= {own for own in own_folders(root) if own in line}
            faults += [
                f"{path}:{number}: {text}" for text in found if f"{path}: {text}" not in MEANT
            ]
    return sorted(faults)


def own_folders(root: Path) -> set[str]:
    """Return where this checkout and its user live, where that is long enough to be told apart."""
    return {str(folder) for folder in (root, Path.home()) if len(folder.parts) > 2}


def links_away(root: Path) -> list[str]:
    """A link points inside the repository, relative to itself; `azureml` is the only one."""
    links = [path for path in tracked(root) if (root / path).is_symlink()]
    return [
        f"{path} -> {(root / path).readlink()}"
        for path in links
        if (path, str((root / path).readlink())) != ("azureml", "profiles/azureml")
    ]


LAWS = [strangers, large_files, machine_folders, links_away]


@pytest.mark.parametrize("law", LAWS)
def test_the_repository_keeps_the_law(law, repository):
    if not (repository / ".git").exists():
        pytest.skip("not a checkout: there is no list of tracked files")
    faults = law(repository)
    assert not faults, "\n".join(faults)


@pytest.fixture
def checkout(tmp_path):
    git(tmp_path, "init", "--quiet")
    return tmp_path


# Written in two halves, so that this file keeps the law itself.
@pytest.mark.parametrize(
    "text",
    [
        "data = '/ho" + "me/anna/scans'",
        "see /ro" + "ot/notes.txt",
        "log=/tm" + "p/tmpab12/log",
        "C:" + r"\Users\anna",
        "numpy @ fi" + "le:///wheels/numpy.whl",
    ],
)
def test_a_folder_of_a_machine_is_found(text, checkout):
    (checkout / "README.md").write_text(f"first\n{text}\n")
    assert machine_folders(checkout)[0].startswith("README.md:2: ")


def test_the_folder_of_the_checkout_itself_is_found(checkout):
    (checkout / "README.md").write_text(f"cd {checkout}/outputs")
    assert machine_folders(checkout)


@pytest.mark.parametrize(
    "text", ["outputs/root/a", "https://example.org/home/x", "/data/prostate", "/workflow/a"]
)
def test_other_paths_are_left_alone(text, checkout):
    (checkout / "README.md").write_text(text)
    assert machine_folders(checkout) == []


def test_what_is_tracked_counts_once_there_is_any(checkout):
    for name in ("README.md", "mine.txt"):
        (checkout / name).write_text("")
    assert strangers(checkout) == ["mine.txt"]
    git(checkout, "add", "README.md")
    assert strangers(checkout) == []


def test_a_stranger_at_the_top_is_found(checkout):
    (checkout / "docs").mkdir()
    (checkout / "docs" / "a.md").write_text("")
    (checkout / ".editorconfig").write_text("")
    assert strangers(checkout) == ["docs"]


def test_a_large_file_is_found(checkout):
    (checkout / "README.md").write_bytes(b"x" * (MOST_BYTES + 1))
    assert large_files(checkout)


def test_a_link_away_is_found(checkout):
    (checkout / "data").symlink_to("../elsewhere")
    (checkout / "azureml").symlink_to("profiles/azureml")
    assert links_away(checkout) == ["data -> ../elsewhere"]
