"""Which epoch is best on Val? Dice for segmentations, squared error for scalar models."""

from pathlib import Path

import pytest

from innereye.metrics.reported_epoch import choose_epoch
from innereye.metrics.runs.reported_epoch_file import choose_epoch as choose_for_folds
from innereye.metrics.val_quality import OF_DICE, OF_ERROR, measure, quality

HEADER = (
    "prediction_target,subject,model_output,label,epoch,cross_validation_split_index,data_split\n"
)


def scalar_table(path: Path, *rows: tuple[str, float, float | str]) -> Path:
    """Write metrics.csv of rows of target, output and label."""
    lines = [
        f"{target},{number},{output},{label},0,-1,Val\n"
        for number, (target, output, label) in enumerate(rows)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEADER + "".join(lines))
    return path


def test_the_error_is_a_share_of_the_variance_of_the_labels(tmp_path: Path) -> None:
    table = scalar_table(tmp_path / "m.csv", ("a", 0.5, 1), ("a", 0.5, 0))
    assert quality([table]) == pytest.approx(-0.25 / 0.25)
    large = scalar_table(tmp_path / "l.csv", ("a", 500, 1000), ("a", 500, 0))
    assert quality([large]) == pytest.approx(-1)


def test_one_class_has_a_quality_and_no_label_has_none(tmp_path: Path) -> None:
    assert quality([scalar_table(tmp_path / "m.csv", ("a", 0.5, 1))]) == pytest.approx(-0.25)
    unknown = scalar_table(tmp_path / "n.csv", ("a", 0.5, ""))
    assert quality([unknown]) != quality([unknown])


def test_targets_count_alike(tmp_path: Path) -> None:
    rows = [("a", 0, 1), ("a", 0, 0), ("b", 10, 10), ("b", 0, 0)]
    assert quality([scalar_table(tmp_path / "m.csv", *rows)]) == pytest.approx(-1.0)


def test_rows_of_all_folds_are_judged_together(tmp_path: Path) -> None:
    parts = [
        scalar_table(tmp_path / "0.csv", ("a", 0.8, 1), ("a", 0.4, 0)),
        scalar_table(tmp_path / "1.csv", ("a", 0.1, 0)),
    ]
    whole = scalar_table(tmp_path / "all.csv", ("a", 0.8, 1), ("a", 0.4, 0), ("a", 0.1, 0))
    assert quality(parts) == pytest.approx(quality([whole]))
    assert measure(parts) == OF_ERROR


def test_the_epoch_of_the_smallest_error_is_reported_and_said_so(tmp_path: Path) -> None:
    files = {
        epoch: [
            scalar_table(
                tmp_path / f"epoch_{epoch:03d}/Val/metrics.csv", ("a", out, 1), ("a", 0, 0)
            )
        ]
        for epoch, out in ((1, 0.2), (2, 0.9), (3, 0.6))
    }
    expected = "the smallest squared error on Val of the test epochs 1, 2, 3"
    assert choose_epoch(tmp_path, [1, 2, 3], has_val=True) == (2, expected)
    assert choose_for_folds(files)[0] == 2
    scalar_table(tmp_path / "epoch_002/Val/metrics.csv")
    chosen, reason = choose_epoch(tmp_path, [1, 2, 3], has_val=True)
    assert (chosen, "not all have a label on Val" in reason) == (3, True)


def test_a_segmentation_is_judged_by_its_dice(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(
        "Patient,Structure,Dice,HausdorffDistance_mm,MeanDistance_mm\n1,a,0.5,1,1\n2,a,0.7,1,1\n"
    )
    assert quality([path]) == pytest.approx(0.6)
    assert measure([path]) == OF_DICE
