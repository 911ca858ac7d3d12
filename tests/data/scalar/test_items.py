"""A table becomes items; each mistake has its line, and each subject left out its reason."""

import numpy as np
import pandas as pd
import pytest

from innereye.data.scalar.files_by_name import FilesByName
from innereye.data.scalar.items import (
    files_of,
    fit_encoder,
    parse_items,
    read_items,
    table_of_dropped,
)
from innereye.errors import DatasetError
from scalar_tables import (
    cell,
    labels_table,
    layout,
    one_row_layout,
    table,
    with_row_twice,
    without_row,
)


def by_subject(found):
    return {item.subject: item for item in found.items}


def test_an_item_has_all_that_the_model_reads(tmp_path):
    item = by_subject(parse_items(table(), layout()))["2"]
    assert item.label.tolist() == [1]
    assert item.numerical.tolist() == [50]
    assert item.categorical.tolist() == [0, 1]
    assert item.images == {"week0": "2_week0.nii.gz", "week1": "2_week1.nii.gz"}
    assert item.metadata == {"site": "north"}
    assert files_of(item, tmp_path)["week0"] == tmp_path / "2_week0.nii.gz"


def test_a_sound_table_has_no_faults_and_subjects_in_natural_order():
    found = parse_items(table(("10", "2", "1")), layout())
    assert (found.faults, found.dropped) == ((), ())
    assert [item.subject for item in found.items] == ["1", "2", "10"]


def test_the_order_of_rows_does_not_matter():
    frame = table()
    again = parse_items(frame.sample(frac=1, random_state=4), layout())
    for one, other in zip(parse_items(frame, layout()).items, again.items, strict=True):
        assert (one.subject, one.images, one.metadata) == (
            other.subject,
            other.images,
            other.metadata,
        )
        np.testing.assert_array_equal(one.categorical, other.categorical)


WEEK1 = ("subject 2", "channel 'week1'")
FAULTS = {
    "column": (lambda f: f.drop(columns="label"), ("column 'label' is missing",)),
    "no rows": (lambda f: f[:0], ("no rows",)),
    "duplicate": (with_row_twice("2", "week1"), (*WEEK1, "there are 2 rows")),
    "label": (cell("2", "week1", "label", "maybe"), (*WEEK1, "label 'maybe'")),
    "number": (cell("2", "week1", "age", "forty"), (*WEEK1, "column 'age': 'forty' is no number")),
    "absolute path": (cell("2", "week0", "file", "/tmp/a.png"), ("channel 'week0'", "absolute")),
    "path outside": (cell("2", "week0", "file", "../a.png"), ("channel 'week0'", "leaves")),
    "part": (cell("2", "week0", "file", "a.h5|x"), ("channel 'week0'", "file|dataset|channel")),
    "blank subject": (lambda f: f.replace({"subject": {"2": ""}}), ("blank",)),
    "spaces": (lambda f: f.replace({"subject": {"2": "2 "}}), ("'2 '", "spaces")),
}
LACKS = {
    "channel": (without_row("2", "week0"), "channel 'week0' has no row"),
    "label": (cell("2", "week1", "label", ""), "the label is unknown"),
    "path": (cell("2", "week0", "file", " "), "channel 'week0': there is no path of an image"),
    "age": (cell("2", "week1", "age", "n/a"), "channel 'week1': column 'age' is unknown"),
    "endless age": (cell("2", "week1", "age", "inf"), "column 'age' is 'inf'"),
    "sex": (cell("2", "week1", "sex", ""), "column 'sex' is unknown"),
}
NEAR_MISSES = {
    "another channel twice": with_row_twice("2", "note"),
    "no row of another channel": without_row("2", "note"),
    "label elsewhere": cell("2", "week0", "label", "maybe"),
    "age elsewhere": cell("2", "week0", "age", "forty"),
    "blank path elsewhere": cell("2", "note", "file", ""),
    "an id of letters": lambda f: f.replace({"subject": {"2": "Müller 7/a"}}),
    "another column": lambda f: f.assign(tags="[x]"),
    "a space at a number": cell("2", "week1", "age", " 50.0 "),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_in_one_line(name):
    sow, parts = FAULTS[name]
    frame = sow(table())
    found = parse_items(frame, layout())
    assert len([f for f in found.faults if all(part in f for part in parts)]) == 1, found.faults


@pytest.mark.parametrize("name", LACKS)
def test_a_subject_that_lacks_something_is_dropped_and_named(name, caplog):
    sow, reason = LACKS[name]
    frame = sow(table())
    found = read_items(frame, layout())
    assert [item.subject for item in found.items] == ["1", "10"]
    (dropped,) = found.dropped
    assert dropped.subject == "2"
    assert reason in dropped.reason
    assert "1 of 3 subjects are not used" in caplog.text
    assert f"subject 2: {dropped.reason}." in caplog.text
    assert table_of_dropped(found.dropped, "subject").to_numpy().tolist() == [["2", dropped.reason]]


@pytest.mark.parametrize("name", NEAR_MISSES)
def test_a_near_miss_is_neither(name):
    frame = NEAR_MISSES[name](table())
    found = parse_items(frame, layout())
    assert (found.faults, found.dropped, len(found.items)) == ((), (), 3)


def test_all_faults_come_at_once():
    frame = table()
    for name in ("label", "number", "absolute path"):
        frame = FAULTS[name][0](frame)
    frame = cell("10", "week1", "label", "perhaps")(frame)
    assert len(parse_items(frame, layout()).faults) == 4
    with pytest.raises(DatasetError, match=r"(?s)not usable:.*maybe.*forty.*absolute.*perhaps"):
        read_items(frame, layout())


def test_a_category_that_the_encoder_has_not_seen_drops_the_item():
    frame = table()
    encoder = fit_encoder(frame, layout())
    frame = cell("2", "week1", "sex", "other")(frame)
    (dropped,) = parse_items(frame, layout(), encoder=encoder).dropped
    assert dropped.reason == "channel 'week1': column 'sex' is 'other', which cannot be used"


def test_several_rows_without_channels_are_a_fault():
    frame = pd.concat([labels_table("true", "false"), labels_table("true")])
    (fault,) = parse_items(frame, one_row_layout()).faults
    assert fault == "subject 0: there are 2 rows; one is allowed, as the model names no channels"


def test_a_table_in_which_nobody_can_be_used_is_a_fault():
    (fault,) = parse_items(labels_table("", ""), one_row_layout()).faults
    assert "no subject can be used" in fault
    assert "subject 0: the label is unknown" in fault


def test_an_empty_table_has_no_items():
    assert read_items(table().iloc[:0], layout()).items == ()


def test_labels_may_be_unknown_where_they_are_not_required():
    found = parse_items(labels_table("", "1"), one_row_layout(), labels_required=False)
    assert np.isnan(found.items[0].label).all()
    assert found.dropped == ()


def test_rows_without_the_expected_values_are_left_out():
    frame = labels_table("1", "?", "0", site=["a", "b", "a"])
    found = parse_items(frame, one_row_layout(expected_column_values=[("site", "a")]))
    assert [item.subject for item in found.items] == ["0", "2"]
    (fault,) = parse_items(frame, one_row_layout(expected_column_values=[("site", "A")])).faults
    assert fault == "no row has site = 'A', which expected_column_values asks for"
    (fault,) = parse_items(frame, one_row_layout(expected_column_values=[("city", "A")])).faults
    assert "column 'city' is missing" in fault


def test_several_classes_and_regression_are_read():
    frame = labels_table("0|2", "", "1")
    found = parse_items(frame, one_row_layout(class_names=["a", "b", "c"]))
    assert [item.label.tolist() for item in found.items] == [[1, 0, 1], [0, 0, 0], [0, 1, 0]]
    numbers = parse_items(labels_table("2.5", "-1"), one_row_layout(is_regression=True))
    assert [item.label.item() for item in numbers.items] == [2.5, -1]


def test_labels_of_two_channels_are_subtracted():
    frame = table()
    frame["label"] = ["10", "40", "?"] * 3
    found = parse_items(
        frame,
        layout(
            is_regression=True,
            label_channels=["week0", "week1"],
            label_transforms=["Scaling", "Difference"],
        ),
    )
    assert [item.label.item() for item in found.items] == [pytest.approx(0.3)] * 3


def test_labels_that_are_not_made_one_are_a_fault():
    frame = table()
    frame["label"] = "1"
    faults = parse_items(frame, layout(label_channels=["week0", "week1"])).faults
    assert faults[0] == "subject 1: it has 2 labels; exactly one is allowed"


def test_a_label_that_is_not_finite_drops_the_item():
    (dropped,) = parse_items(labels_table("1", "inf"), one_row_layout(is_regression=True)).dropped
    assert (dropped.subject, dropped.reason) == ("1", "the label is not finite")


def test_files_are_found_by_name():
    frame = labels_table("1", "0", "1", file=["a", "b", "x/c.png"])
    by_name = one_row_layout(image_file_column="file", traverse_dirs_when_loading=True)
    files = FilesByName(["deep/down/a.nii.gz", "c.npy", "1/b.png", "2/b.png", "readme", "1/readme"])
    found = parse_items(frame, by_name, files=files)
    assert [item.images[""] for item in found.items] == ["deep/down/a.nii.gz", "c.npy"]
    assert found.faults == ("subject 1: 'b' may be 1/b.png or 2/b.png",)
    (dropped,) = parse_items(frame[:1], by_name, files=FilesByName(["b.png"])).faults
    assert "there is no file named 'a'" in dropped
