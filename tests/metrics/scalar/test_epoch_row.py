"""A row of epoch_metrics.csv: its columns with one target and with several."""

from innereye.metrics.scalar.binary import binary_metrics
from innereye.metrics.scalar.epoch_row import epoch_columns, epoch_row
from innereye.metrics.scalar.regression import regression_metrics

PLACE = {"loss": 0.5, "subject_count": 2, "epoch": 3, "fold": 1}


def test_a_row_of_a_classification_to_the_letter():
    row = epoch_row(
        {"Default": binary_metrics([1, 0], [0.75, 0.25])}, **PLACE, learning_rate=1.25e-8
    )
    assert ",".join(row) == (
        "loss,cross_entropy,accuracy_at_threshold_05,learning_rate,area_under_roc_curve,"
        "area_under_pr_curve,accuracy_at_optimal_threshold,"
        "false_positive_rate_at_optimal_threshold,false_negative_rate_at_optimal_threshold,"
        "optimal_threshold,subject_count,epoch,cross_validation_split_index"
    )
    assert ",".join(row.values()) == (
        "0.500000,0.287682,1.000000,1.250000e-08,1.000000,1.000000,1.000000,0.000000,0.000000,"
        "0.750000,2.000000,3,1"
    )


def test_a_row_of_a_regression_to_the_letter():
    row = epoch_row({"age": regression_metrics([1, 3], [2, 3])}, **PLACE)
    assert ",".join(row) == (
        "loss,mean_absolute_error,mean_squared_error,explained_variance,subject_count,epoch,"
        "cross_validation_split_index"
    )
    assert ",".join(row.values()) == "0.500000,0.500000,0.500000,0.750000,2.000000,3,1"


def test_several_targets_have_their_names_in_the_columns_of_metrics():
    row = epoch_row({"a": binary_metrics([1], [0.5]), "b": binary_metrics([0], [0.2])}, **PLACE)
    assert list(row)[:3] == ["loss", "cross_entropy/a", "accuracy_at_threshold_05/a"]
    assert list(row)[-3:] == ["subject_count", "epoch", "cross_validation_split_index"]
    assert row["accuracy_at_threshold_05/b"] == "1.000000"
    assert row["area_under_roc_curve/a"] == ""


def test_the_header_is_known_before_the_first_epoch():
    header = epoch_columns(["a", "b"], is_classification=True, with_learning_rate=False)
    metrics = {name: binary_metrics([1], [0.5]) for name in ("a", "b")}
    assert list(epoch_row(metrics, **PLACE)) == header
