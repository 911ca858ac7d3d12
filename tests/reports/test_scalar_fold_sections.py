"""Does the report on an ensemble say how its members did on subjects that they had not seen?"""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, roc_auc_score
from tests.scalar_runs import (
    cells_of,
    classification,
    regression,
    scalar_run,
    store_folds,
    store_results,
)

from innereye.names import Split
from innereye.reports import scalar_fold_sections


def ensemble(folder, folds, **changes):
    """Store the Val results of folds, and return the ensemble beside them."""
    names = [folder / str(number) for number in range(len(folds))]
    for fold, (name, results) in enumerate(zip(names, folds, strict=True)):
        store_results(name, {Split.VAL: results, Split.TEST: folds[0]}, fold=fold)
    store_folds(names, folder / "MetricsAcrossAllRuns.csv")
    (folder / "ENSEMBLE").mkdir()
    return scalar_run(folder / "ENSEMBLE", is_ensemble=True, **changes)


@pytest.fixture
def classified():
    return [classification(20 + fold, seed=fold, prefix=f"f{fold}_") for fold in range(3)]


def test_each_fold_and_all_together_have_their_areas(tmp_path, classified):
    section = scalar_fold_sections.folds(ensemble(tmp_path, classified), "Default")
    rows = [row for row in cells_of(section) if row[0] == "Area under ROC Curve"]
    areas = [roc_auc_score(each.labels[:, 0], each.outputs[:, 0]) for each in classified]
    mean = f"{np.mean(areas):.4f} ({np.std(areas):.4f})"
    assert rows[0][1:] == [*(f"{area:.4f}" for area in areas), mean]
    labels, outputs = (
        np.concatenate([getattr(each, name) for each in classified])
        for name in ("labels", "outputs")
    )
    assert rows[1][1] == f"{roc_auc_score(labels[:, 0], outputs[:, 0]):.4f}"
    assert "numbers of the members, not of the ensemble" in section.text
    assert 'alt="ROC and PR curves of the folds"' in section.text


def test_a_fold_with_one_class_has_no_curve_and_does_not_fail(tmp_path, classified):
    classified[1].labels[:] = 1
    section = scalar_fold_sections.folds(ensemble(tmp_path, classified), "Default")
    row = next(row for row in cells_of(section) if row[0] == "Area under ROC Curve")
    assert row[2] == "nan"
    assert "<img" in section.text


def test_without_any_curve_there_is_a_sentence(tmp_path, classified):
    for fold in classified:
        fold.labels[:] = 0
    section = scalar_fold_sections.folds(ensemble(tmp_path, classified), "Default")
    assert "No fold has both classes on Val" in section.text


def test_errors_of_a_regression_stand_fold_by_fold(tmp_path):
    folds = [regression(15, seed=fold, prefix=f"f{fold}_") for fold in range(2)]
    run = ensemble(tmp_path, folds, is_classification=False)
    rows = cells_of(scalar_fold_sections.folds(run, "Default"))
    errors = [mean_absolute_error(each.labels, each.outputs) for each in folds]
    assert rows[1][:3] == ["Mean absolute error", *(f"{error:.4f}" for error in errors)]


def test_without_folds_there_is_a_sentence(tmp_path, classified):
    run = ensemble(tmp_path, classified)
    assert "no labelled subjects on Val" in scalar_fold_sections.folds(run, "other").text
    (tmp_path / "MetricsAcrossAllRuns.csv").unlink()
    alone = scalar_run(run.folder, is_ensemble=True)
    assert "no table of the folds" in scalar_fold_sections.folds(alone, "Default").text
