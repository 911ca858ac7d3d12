"""What is known of a subject is what was drawn, and faults of its files are told, not raised."""

import numpy as np
import pandas as pd
import pytest

from innereye.data.dataset_facts import read_dataset_facts, subject_files
from innereye.data.sheet import ChannelLists
from innereye.data.subject_facts import orientation_of, read_subject_facts
from innereye.io.files import read_table
from phantoms import (
    CHANNELS,
    GEOMETRY,
    SPACING,
    STRUCTURES,
    box,
    edit_rows,
    rewrite,
    volumes,
    write_dataset,
)

LISTS = ChannelLists(CHANNELS, STRUCTURES)


def facts_of(csv_path, workers=1):
    return read_dataset_facts(read_table(csv_path), LISTS, root=csv_path.parent, workers=workers)


def facts_of_second(csv_path):
    files = subject_files(read_table(csv_path), LISTS, root=csv_path.parent)
    return read_subject_facts(files[1])


@pytest.fixture
def csv_path(tmp_path):
    return write_dataset(tmp_path)


def test_a_known_phantom(csv_path):
    facts = facts_of_second(csv_path)
    drawn = volumes(1)
    assert (facts.subject, facts.orientation, facts.geometry) == ("2", "LPS", GEOMETRY)
    assert (facts.files.institution, facts.files.series) == ("b", "series 2")
    image = facts.images[0]
    assert (image.minimum, image.maximum) == (drawn["ct"].min(), drawn["ct"].max())
    assert image.mean == pytest.approx(drawn["ct"].mean())
    assert image.percentiles == pytest.approx(np.percentile(drawn["ct"], (1, 25, 50, 75, 99)))
    liver, spleen = facts.structures
    assert liver.voxels == drawn["liver"].sum()
    assert spleen.volume_ml == pytest.approx(drawn["spleen"].sum() * np.prod(SPACING) / 1000)
    assert [(e.lowest, e.highest) for e in spleen.extents_zyx] == [(3, 7), (6, 11), (16, 20)]
    assert (liver.components.count, spleen.missing_slices, facts.faults) == (1, "", ())


def test_a_gap_and_a_second_part_are_found(csv_path):
    def cut(array):
        array[5] = 0
        return array

    rewrite(csv_path.parent / "002" / "spleen.nii.gz", cut)
    spleen = facts_of_second(csv_path).structures[1]
    assert spleen.missing_slices == "z 5"
    assert spleen.components.count == 2


def test_overlaps_are_counted(csv_path):
    rewrite(csv_path.parent / "002" / "spleen.nii.gz", lambda _: box((5, 9, 6), (7, 11, 8)))
    facts = facts_of_second(csv_path)
    assert facts.overlaps == {("liver", "spleen"): 8}
    assert [structure.overlap_voxels for structure in facts.structures] == [8, 8]


def test_a_structure_at_the_edge_of_the_image(csv_path):
    rewrite(csv_path.parent / "002" / "spleen.nii.gz", lambda _: box((2, 2, 22), (4, 4, 24)))
    liver, spleen = facts_of_second(csv_path).structures
    assert (liver.reaches_edge, spleen.reaches_edge) == (False, True)


def break_file(csv_path):
    (csv_path.parent / "002" / "liver.nii.gz").write_bytes(b"no volume")


def move(csv_path):
    rewrite(csv_path.parent / "002" / "liver.nii.gz", lambda array: array, spacing_zyx_mm=(3, 1, 2))


def double(csv_path):
    rewrite(csv_path.parent / "002" / "liver.nii.gz", lambda array: array * 2)


@pytest.mark.parametrize(
    ("spoil", "fault"),
    [(break_file, "cannot be read"), (move, "spacing (3.0, 1.0, 2.0)"), (double, "not binary")],
)
def test_faults_of_files_are_told_with_their_channel(csv_path, spoil, fault):
    spoil(csv_path)
    facts = facts_of_second(csv_path)
    assert fault in facts.faults[0]
    assert facts.faults[0].startswith("'liver'")
    assert str(csv_path.parent) not in "".join(facts.faults)


def test_what_is_not_finite_is_a_fault_and_left_out(csv_path):
    def spoil(array):
        array = array.astype(np.float32)
        array[0, 0, 0] = np.nan
        return array

    rewrite(csv_path.parent / "002" / "ct.nii.gz", spoil)
    facts = facts_of_second(csv_path)
    assert facts.faults == ("'ct': 1 voxels are not finite",)
    assert np.isfinite([facts.images[0].mean, facts.images[0].std]).all()


def test_a_structure_without_a_row(csv_path):
    edit_rows(csv_path, lambda f: f[(f["subject"] != "2") | (f["channel"] != "liver")])
    facts, faults = facts_of(csv_path)
    assert [found.files.missing for found in facts] == [(), ("liver",), ()]
    assert faults == []


def test_faults_of_rows_do_not_hide_the_rest(csv_path):
    edit_rows(csv_path, lambda f: pd.concat([f, f[:1]]))
    facts, faults = facts_of(csv_path)
    assert len(facts) == 3
    assert "2 rows" in faults[0]


def test_equal_voxels_have_equal_contents(csv_path):
    folder = csv_path.parent
    rewrite(folder / "010" / "ct.nii.gz", lambda _: volumes(0)["ct"], spacing_zyx_mm=(1, 1, 1))
    contents = [found.images[0].content for found in facts_of(csv_path)[0]]
    assert contents[0] == contents[2] != contents[1]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ((1, 0, 0, 0, 1, 0, 0, 0, 1), "LPS"),
        ((-1, 0, 0, 0, -1, 0, 0, 0, 1), "RAS"),
        ((0, 0, 1, 1, 0, 0, 0, -1, 0), "PIL"),
        ((0.9, -0.436, 0, 0.436, 0.9, 0, 0, 0, 1), "LPS"),
    ],
)
def test_orientations_are_named_by_where_axes_point_to(direction, expected):
    assert orientation_of(direction) == expected
