"""A filePath says of itself which file it means and of which kind; sizes and times follow the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.io.location import (
    Hdf5Part,
    Kind,
    exists,
    file_of,
    hdf5_part,
    in_extra_folder,
    kind_of,
    locate,
    size_and_time,
)

names = st.text(st.characters(codec="ascii", exclude_characters="|/\0"), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a/b.nii.gz", Kind.NIFTI),
        ("a/b.NII", Kind.NIFTI),
        ("b|c.nii", Kind.NIFTI),
        ("b.npy", Kind.NUMPY),
        ("b.NPZ", Kind.NUMPY),
        ("b.h5|volume|0", Kind.HDF5),
        ("b|volume|0|3", Kind.HDF5),
        ("series.zip", Kind.DICOM_ZIP),
        ("1/ct", Kind.DICOM_FOLDER),
        ("1.2.840.99", Kind.DICOM_FOLDER),
    ],
)
def test_the_ending_says_the_kind(path, kind):
    assert kind_of(path) is kind


@given(
    file=names, dataset=names.filter(lambda name: not name.isdecimal()), channel=st.integers(0, 99)
)
def test_the_parts_of_a_path_come_apart(file, dataset, channel):
    assert hdf5_part(f"{file}|{dataset}|{channel}") == Hdf5Part(file, dataset, channel)
    assert hdf5_part(f"{file}|{dataset}|{channel}|7") == Hdf5Part(file, dataset, channel, "7")
    assert file_of(f"x/{file}|{dataset}|{channel}") == f"x/{file}"


def test_a_folder_may_have_a_bar_in_its_name():
    assert hdf5_part("/data/a|b/c.h5|group/volume|0") == Hdf5Part(
        "/data/a|b/c.h5", "group/volume", 0
    )
    assert file_of("/data/a|b/c.nii.gz") == "/data/a|b/c.nii.gz"


@pytest.mark.parametrize("path", ["a.h5|volume", "a.h5|volume|x", "a.h5|volume|1.5", "a.h5|", "|"])
def test_too_few_parts_are_none(path):
    assert hdf5_part(path) is None
    assert file_of(path) == path.partition("|")[0]


def test_a_part_exists_where_its_file_does(tmp_path):
    (tmp_path / "a.h5").write_bytes(b"x")
    (tmp_path / "series").mkdir()
    assert exists(tmp_path / "a.h5|volume|0")
    assert exists(tmp_path / "series")
    assert not exists(tmp_path / "b.h5|volume|0")
    (tmp_path / "folder.npy").mkdir()
    assert not exists(tmp_path / "folder.npy")


def test_a_folder_changes_with_its_files(tmp_path):
    folder = tmp_path / "series"
    folder.mkdir()
    states = [size_and_time(str(folder))]
    for number in range(2):
        (folder / f"{number}.dcm").write_bytes(b"slice")
        states.append(size_and_time(str(folder)))
    (folder / "0.dcm").write_bytes(b"other")
    states.append(size_and_time(str(folder)))
    (folder / "0.dcm").unlink()
    states.append(size_and_time(str(folder)))
    assert len(set(states)) == len(states)
    assert [size for size, _ in states] == [0, 5, 10, 10, 5]
    assert size_and_time(str(tmp_path / "none")) is None


def test_a_path_into_an_extra_data_set_is_found_there():
    extra = [Path("/b"), Path("/c")]
    assert locate(in_extra_folder("1/ct.nii", 1), Path("/a"), extra) == Path("/c/1/ct.nii")
    assert locate("1/ct.nii", Path("/a"), extra) == Path("/a/1/ct.nii")
    assert locate(in_extra_folder("x", 2), Path("/a"), extra).is_relative_to("/a")
