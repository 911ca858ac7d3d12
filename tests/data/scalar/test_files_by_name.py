"""A name stands for the file that has it up to its first dot."""

from innereye.data.scalar.files_by_name import files_below, stem_of


def test_files_are_found_in_all_folders(tmp_path):
    for path in ("a.nii.gz", "deep/down/b.png", "c.x/c.npy", ".git/d.png", "e/.f.png"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    files = files_below(tmp_path)
    found = {name: list(files.find(name)) for name in ("a", "b", "c", "d", "f", "no")}
    assert found == {
        "a": ["a.nii.gz"],
        "b": ["deep/down/b.png"],
        "c": ["c.x/c.npy"],
        "d": [],
        "f": [],
        "no": [],
    }


def test_the_stem_ends_at_the_first_dot():
    assert stem_of("folder.x/scan.one.nii.gz") == "scan"
    assert stem_of(" scan ") == "scan"
