"""What is sown in a data set is found, once; in a sound one nothing is wrong."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from innereye.data.dataset_facts import read_dataset_facts, subject_files
from innereye.data.phantoms import make_phantoms
from innereye.data.sheet import ChannelLists
from innereye.data.subject_facts import read_subject_facts
from innereye.io.files import read_table
from innereye.reports.dataset_findings import findings_of
from innereye.reports.described_dataset import DescribedDataset
from phantoms import box, edit_rows, rewrite

LISTS = ChannelLists(("channel1",), ("region", "region_1"))
SUBJECTS = 8
SPLITS = {str(number): "Train" if number < 6 else "Test" for number in range(1, SUBJECTS + 1)}


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A data set without faults, and its facts."""
    folder = tmp_path_factory.mktemp("sound")
    make_phantoms(folder, subjects=SUBJECTS, seed=1, size_zyx=(20, 22, 24))
    facts, faults = read_dataset_facts(read_table(folder / "dataset.csv"), LISTS, root=folder)
    assert faults == []
    return folder, facts


@pytest.fixture
def data(sound, tmp_path):
    """A copy of the data set, to spoil."""
    shutil.copytree(sound[0], tmp_path / "data")
    return tmp_path / "data"


def described(facts, **changes):
    made = DescribedDataset(facts, SPLITS, [], LISTS.images, LISTS.structures, 3.0)
    return replace(made, **changes)


def found_in(made):
    return {finding.title: finding.count for finding in findings_of(made)}


def file_of(data, subject, name):
    return data / f"{subject:03d}" / f"{name}.nii.gz"


def copy_scan(data):
    shutil.copy(file_of(data, 2, "channel1"), file_of(data, 7, "channel1"))


def copy_scan_brighter(data):
    copy_scan(data)
    rewrite(file_of(data, 7, "channel1"), lambda array: array.astype(np.float32) * 1.5 + 20)


def cut_slice(data):
    def cut(array):
        z = np.flatnonzero(array.any(axis=(1, 2)))
        array[z[len(z) // 2]] = 0
        return array

    rewrite(file_of(data, 3, "region"), cut)


def empty(data):
    rewrite(file_of(data, 3, "region"), np.zeros_like)


def drop_row(data):
    edit_rows(data / "dataset.csv", lambda f: f[(f["subject"] != "3") | (f["channel"] != "region")])


def break_file(data):
    file_of(data, 3, "region").write_bytes(b"nothing")


def shrink(data):
    rewrite(file_of(data, 3, "region"), lambda a: box((9, 9, 9), (10, 10, 10), a.shape))


def overlap(data):
    shutil.copy(file_of(data, 3, "region"), file_of(data, 3, "region_1"))


def glare(data):
    rewrite(file_of(data, 3, "channel1"), lambda array: array.astype(np.float32) * 9)


def two_parts(data):
    def add(array):
        array[0, 0, 0] = 1
        return array

    rewrite(file_of(data, 3, "region"), add)


def to_the_edge(data):
    rewrite(file_of(data, 3, "region"), lambda a: box((0, 5, 5), (9, 9, 9), a.shape))


@pytest.mark.parametrize(
    ("spoil", "title"),
    [
        (copy_scan, "The same scan under several names"),
        (copy_scan_brighter, "Scans that look alike"),
        (cut_slice, "Structures with missing slices"),
        (empty, "Empty structures"),
        (drop_row, "Structures without a row"),
        (break_file, "Faults of files"),
        (shrink, "Unusual volumes"),
        (overlap, "Structures that overlap"),
        (glare, "Unusual intensities"),
        (two_parts, "Structures in several parts"),
        (to_the_edge, "Structures at the edge of the image"),
    ],
)
def test_what_was_sown_is_found(sound, data, spoil, title):
    spoil(data)
    files = subject_files(read_table(data / "dataset.csv"), LISTS, root=data)
    facts = list(sound[1])
    for place in (2, 6):  # subjects 3 and 7, which are spoilt
        facts[place] = read_subject_facts(files[place])
    before = found_in(described(sound[1])).get(title, 0)
    assert found_in(described(facts))[title] == before + 1


def test_in_a_sound_data_set_nothing_is_wrong(sound):
    findings = findings_of(described(sound[1]))
    assert [finding.title for finding in findings if finding.is_fault] == []
    assert "Scans that look alike" not in found_in(described(sound[1]))


def test_faults_of_rows_come_first(sound):
    made = described(sound[1], row_faults=["subject 1: two rows"])
    assert findings_of(made)[0].title == "Faults of the rows of dataset.csv"


def test_an_unexpected_spacing_is_a_fault_of_each_subject(sound):
    made = described(sound[1], expected_spacing_xyz=(9.0, 9.0, 9.0))
    assert found_in(made)["Faults of files"] == SUBJECTS


def test_pairs_in_two_splits_stand_out(sound, data):
    copy_scan_brighter(data)
    files = subject_files(read_table(data / "dataset.csv"), LISTS, root=data)
    facts = [*sound[1][:6], read_subject_facts(files[6]), sound[1][7]]
    (alike,) = (f for f in findings_of(described(facts)) if f.title == "Scans that look alike")
    assert alike.table.rows[0][:4] == ("2", "7", "Train", "Test")
    assert alike.table.marked == (0,)


def test_what_differs_from_scan_to_scan_is_counted(sound):
    geometry = replace(sound[1][0].geometry, spacing_zyx_mm=(7.0, 1.0, 1.0))
    facts = [replace(sound[1][0], geometry=geometry), *[sound[1][1]] * 3]
    (spacings,) = (f for f in findings_of(described(facts)) if f.title == "Several spacings")
    assert [row[1] for row in spacings.table.rows] == ["3", "1"]
    assert spacings.table.rows[1][0] == "7, 1, 1"
    assert "Several spacings" not in found_in(described(facts[1:]))
