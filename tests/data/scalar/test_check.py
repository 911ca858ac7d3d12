"""Every fault of a scalar data set has its line, near misses have none, and clean subjects rest."""

import numpy as np
import pytest

from innereye.data.identities import load_record, save_record
from innereye.data.scalar.check import (
    ItemCheckSettings,
    check_items,
    listed_item_faults,
    size_faults,
)
from innereye.data.scalar.item_image import ImageSizes
from innereye.io.files import read_table
from innereye.names import CLOUD_FILES_CSV
from phantoms import rewrite
from scalar_images import VOLUME, write_hdf5
from scalar_tables import SIZE, cell, edit, layout, write_items

FILE = "2_week0.nii.gz"
WHERE = ("subject 2", "channel 'week0'", FILE)


@pytest.fixture
def csv_path(tmp_path):
    return write_items(tmp_path)


def check(csv_path, previous=None, fields=None, **settings):
    return check_items(
        read_table(csv_path),
        layout(**(fields or {})),
        root=csv_path.parent,
        settings=ItemCheckSettings(**settings),
        previous=previous,
        workers=2,
    )


def spoil(change):
    def on_disk(csv_path):
        path = csv_path.parent / FILE
        path.write_bytes(change(path.read_bytes()))

    return on_disk


def voxels(change):
    return lambda csv_path: rewrite(csv_path.parent / FILE, change)


def not_finite(array):
    changed = array.astype(np.float32)
    changed[1, 2, 3] = np.nan
    return changed


FAULTS = {
    "missing file": (lambda p: (p.parent / FILE).unlink(), (*WHERE, "does not exist")),
    "truncated": (spoil(lambda content: content[:-20]), (*WHERE, "truncated")),
    "empty file": (spoil(lambda _: b""), (*WHERE, "cannot be read")),
    "not finite": (voxels(not_finite), (*WHERE, "1 voxels that are not finite")),
    "another size": (
        lambda p: [rewrite(p.parent / f"2_week{n}.nii.gz", lambda a: a[1:]) for n in (0, 1)],
        ("subject 2", "2x3x6x5, that of most subjects 2x4x6x5", "image_size"),
    ),
    "channels of two sizes": (voxels(lambda a: a[1:]), ("subject 2", "'week1' has the size (4,")),
    "kind": (
        lambda p: edit(p, cell("2", "week0", "file", "dataset.csv")),
        ("subject 2", "dataset.csv", "no known kind"),
    ),
    "label": (lambda p: edit(p, cell("2", "week1", "label", "x")), ("subject 2", "label 'x'")),
}
NEAR_MISSES = {
    "file of no use": lambda p: (p.parent / "2_note.nii.gz").unlink(),
    "another type": voxels(lambda a: a.astype(np.float64)),
    "constant image": voxels(lambda a: a * 0),
    "the same file twice": lambda p: edit(p, cell("2", "week0", "file", "1_week0.nii.gz")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_in_one_line(name, csv_path):
    sow, parts = FAULTS[name]
    sow(csv_path)
    faults = check(csv_path).faults
    assert len([line for line in faults if all(part in line for part in parts)]) == 1, faults
    assert len(faults) == 1


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_no_fault(name, csv_path):
    NEAR_MISSES[name](csv_path)
    assert check(csv_path).faults == []


def test_all_faults_come_at_once(csv_path):
    (csv_path.parent / "10_week0.nii.gz").unlink()
    (csv_path.parent / "10_week1.nii.gz").write_bytes(b"")
    FAULTS["truncated"][0](csv_path)
    edit(csv_path, cell("1", "week1", "age", "old"))
    assert len(check(csv_path).faults) == 4


def test_files_of_a_dropped_subject_are_not_opened(csv_path):
    edit(csv_path, cell("2", "week1", "label", ""))
    (csv_path.parent / FILE).unlink()
    result = check(csv_path)
    assert result.faults == []
    assert [each.subject for each in result.dropped] == ["2"]


def test_sizes_may_differ_where_a_model_brings_them_to_one(csv_path):
    FAULTS["another size"][0](csv_path)
    assert check(csv_path, one_size=False).faults == []
    assert check(csv_path, sizes=ImageSizes(image_size=(2, 4, 4))).faults == []
    assert check(csv_path, sizes=ImageSizes(center_crop_size=(3, 4, 4))).faults == []
    (fault,) = check(csv_path, sizes=ImageSizes(center_crop_size=SIZE)).faults[:1]
    assert "has the size (3, 6, 5), smaller than center_crop_size (4, 6, 5)" in fault


def test_most_subjects_say_which_size_is_usual():
    shapes = {"1": "1x9", "2": "1x8", "3": "1x8", "4": ""}
    (fault,) = size_faults(shapes)
    assert fault.startswith("subject 1: the image (C, Z, Y, X) is 1x9, that of most subjects 1x8")
    assert size_faults({"1": "1x9", "2": ""}) == []


def test_where_sizes_are_all_different_one_line_says_so():
    shapes = {"1": "1x9", "2": "1x8", "3": "1x8", "4": "1x7"}
    (fault,) = size_faults(shapes)
    assert fault.startswith(
        "images have 3 sizes (C, Z, Y, X), such as 1x8 and 1x9; give image_size"
    )


def test_a_file_without_a_segmentation_is_a_fault_where_one_is_needed(csv_path):
    assert "has no segmentation beside it" in check(csv_path, with_segmentation=True).faults[0]
    for row in read_table(csv_path)["file"]:
        write_hdf5(csv_path.parent / row.replace("nii.gz", "h5"), VOLUME)
    edit(csv_path, lambda f: f.assign(file=f["file"].str.replace("nii.gz", "h5")))
    assert check(csv_path, with_segmentation=True).faults == []


def opened(csv_path, caplog, previous, **settings):
    caplog.clear()
    caplog.set_level("INFO")
    result = check(csv_path, previous=previous, **settings)
    return result, caplog.text.split("files of ")[1].split(" of ")[0]


def test_a_clean_subject_is_not_opened_again(csv_path, caplog, tmp_path):
    first = check(csv_path)
    save_record(tmp_path / "record.json", first.record)
    again, count = opened(csv_path, caplog, load_record(tmp_path / "record.json"))
    assert (again, count) == (first, "0")


def test_only_a_changed_subject_is_opened_again(csv_path, caplog):
    record = check(csv_path).record
    FAULTS["another size"][0](csv_path)
    result, count = opened(csv_path, caplog, record)
    assert (count, len(result.faults)) == ("1", 1)
    assert opened(csv_path, caplog, result.record)[0].faults == result.faults


def test_a_touched_file_keeps_its_subject_clean(csv_path, caplog):
    record = check(csv_path).record
    (csv_path.parent / FILE).touch()
    assert opened(csv_path, caplog, record)[1] == "0"


def test_other_sizes_open_all_subjects_again(csv_path, caplog):
    record = check(csv_path).record
    assert opened(csv_path, caplog, record, sizes=ImageSizes((4, 4, 4)))[1] == "3"


def test_a_changed_label_opens_no_file(csv_path, caplog):
    record = check(csv_path).record
    edit(csv_path, cell("2", "week1", "label", "false"))
    assert opened(csv_path, caplog, record)[1] == "0"


def test_images_are_found_by_name(csv_path):
    by_name = {"traverse_dirs_when_loading": True}
    edit(csv_path, lambda f: f.assign(file=f["file"].str.removesuffix(".nii.gz")))
    assert check(csv_path, fields=by_name).faults == []
    (csv_path.parent / "deep").mkdir()
    (csv_path.parent / "deep" / "2_week0.png").touch()
    (fault,) = check(csv_path, fields=by_name).faults
    assert "'2_week0' may be 2_week0.nii.gz or deep/2_week0.png" in fault


def test_a_model_without_images_opens_nothing(csv_path, caplog):
    fields = {"image_channels": [], "image_file_column": None}
    for path in csv_path.parent.glob("*.nii.gz"):
        path.unlink()
    assert opened(csv_path, caplog, None, fields=fields)[1] == "0"


def listing(csv_path, *left_out, **sizes):
    lines = [
        f"{path.name},{sizes.get(path.name[:7], 9)},2024-05-01T10:00:00+00:00,tag"
        for path in sorted(csv_path.parent.glob("*.nii.gz"))
        if path.name not in left_out
    ]
    text = "\n".join(["path,size,modified,etag", *lines]) + "\n"
    (csv_path.parent / CLOUD_FILES_CSV).write_text(text)
    return csv_path.parent


def test_files_in_the_cloud_are_looked_for_in_their_list(csv_path):
    frame = read_table(csv_path)
    assert listed_item_faults(frame, layout(), listing(csv_path)) == ([], ())
    faults, _ = listed_item_faults(frame, layout(), listing(csv_path, FILE, **{"1_week1": 0}))
    assert faults == [
        "subject 1, channel 'week1', 1_week1.nii.gz: is empty: it has no bytes",
        "subject 2, channel 'week0', 2_week0.nii.gz: does not exist",
    ]
    by_name = layout(traverse_dirs_when_loading=True)
    (fault,), _ = listed_item_faults(frame.iloc[:3], by_name, listing(csv_path, "1_week0.nii.gz"))
    assert "there is no file named '1_week0.nii.gz'" in fault
