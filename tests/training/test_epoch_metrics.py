import math

from innereye.training.epoch_metrics import EpochMetrics, EpochMetricsTable, columns

METRICS = EpochMetrics(
    subject_count=8,
    loss=0.25,
    average_dice=0.5,
    dice=(math.nan, 0.5),
    voxel_counts=(0.0, 12.5),
    learning_rate=1e-7,
)


def table(tmp_path, **options) -> EpochMetricsTable:
    options = {"fold": -1, **options}
    header = columns(["a", "b"], with_learning_rate=options.pop("with_learning_rate", True))
    return EpochMetricsTable(tmp_path / "Train" / "epoch_metrics.csv", header, **options)


def test_the_training_table_to_the_letter(tmp_path):
    rows = table(tmp_path)
    rows.append(0, METRICS)
    assert rows.path.read_text() == (
        "subject_count,loss,learning_rate,Dice/AverageAcrossStructures,Dice/a,Dice/b,"
        "VoxelCount/a,VoxelCount/b,epoch,cross_validation_split_index\n"
        "8.000000,0.250000,1.000000e-07,0.500000,,0.500000,0.000000,12.500000,0,-1\n"
    )


def test_the_validation_table_has_no_learning_rate(tmp_path):
    rows = table(tmp_path, with_learning_rate=False, fold=3)
    rows.append(0, EpochMetrics(2, 0.5, 0.5, (0.5, 0.5), (1.0, 1.0)))
    header, row = rows.path.read_text().splitlines()
    assert "learning_rate" not in header
    assert row == "2.000000,0.500000,0.500000,0.500000,0.500000,1.000000,1.000000,0,3"


def test_rows_survive_and_later_ones_are_dropped_to_the_letter(tmp_path):
    rows = table(tmp_path)
    for epoch in range(3):
        rows.append(epoch, METRICS)
    before = rows.path.read_text().splitlines()
    again = table(tmp_path)
    assert again.count_epochs() == 3
    again.keep(2)
    assert again.path.read_text().splitlines() == before[:3]


def test_a_table_with_a_gap_or_a_half_row_counts_for_nothing(tmp_path):
    rows = table(tmp_path)
    rows.append(0, METRICS)
    rows.append(2, METRICS)
    assert rows.count_epochs() == 0
    rows.keep(1)
    rows.path.write_text(rows.path.read_text() + "8.000000,0.25")
    assert rows.count_epochs() == 0


def test_a_table_may_begin_where_another_training_ended(tmp_path):
    rows = table(tmp_path, first_epoch=2)
    assert rows.count_epochs() == 2
    for epoch in (2, 3):
        rows.append(epoch, METRICS)
    assert rows.count_epochs() == 4
    rows.keep(3)
    assert rows.count_epochs() == 3
    assert table(tmp_path).count_epochs() == 0


def test_a_table_that_does_not_exist_has_no_epochs_and_gets_its_header(tmp_path):
    rows = table(tmp_path)
    assert rows.count_epochs() == 0
    rows.keep(0)
    assert rows.path.read_text().startswith("subject_count,loss,learning_rate,")
