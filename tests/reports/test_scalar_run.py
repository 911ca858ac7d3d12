"""Which rows, thresholds and temperatures does a run's report use?"""

import numpy as np
import pytest
from tests.scalar_runs import classification, scalar_run, store_folds, store_results

from innereye.errors import InnerEyeError
from innereye.metrics.scalar.cross_entropy import logits_of
from innereye.metrics.scalar.temperature import fit_temperature
from innereye.names import Split

VAL, TEST = classification(30, seed=1), classification(40, seed=2)


def ensemble(folder):
    """Store two folds and their ensemble, and return the ensemble."""
    names = [folder / "0", folder / "1"]
    for fold, name in enumerate(names):
        own = classification(25, seed=fold, prefix=f"v{fold}_")
        store_results(name, {Split.VAL: own, Split.TEST: TEST}, fold=fold)
    store_folds(names, folder / "MetricsAcrossAllRuns.csv")
    store_results(folder / "ENSEMBLE", {Split.VAL: VAL, Split.TEST: TEST})
    return scalar_run(folder / "ENSEMBLE", is_ensemble=True)


def test_test_is_judged_at_the_threshold_of_val_and_train_at_its_own(tmp_path):
    results = {Split.TRAIN: classification(50), Split.VAL: VAL, Split.TEST: TEST}
    run = scalar_run(store_results(tmp_path, results))
    assert run.threshold("Test", "Default") == run.threshold("Val", "Default")
    assert run.threshold("Train", "Default") != run.threshold("Val", "Default")


def test_an_ensemble_is_judged_at_the_threshold_of_unseen_subjects(tmp_path):
    run = ensemble(tmp_path)
    assert len(run.unseen_val_rows("Default")) == 50
    assert run.threshold("Test", "Default").value in set(
        run.unseen_val_rows("Default")["model_output"].astype(np.float32)
    )
    assert run.threshold("Val", "Default") == run.threshold("Test", "Default")
    assert "all folds together" in str(run.threshold("Test", "Default"))


def test_without_a_table_of_the_folds_nothing_is_chosen(tmp_path):
    run = ensemble(tmp_path)
    (tmp_path / "MetricsAcrossAllRuns.csv").unlink()
    assert run.threshold("Test", "Default").value == 0.5
    assert run.temperature("Default") == 1


def test_the_temperature_is_that_of_val(tmp_path):
    run = scalar_run(store_results(tmp_path, {Split.VAL: VAL, Split.TEST: TEST}))
    outputs = np.round(VAL.outputs[:, 0], 6)
    assert run.temperature("Default") == fit_temperature(VAL.labels[:, 0], logits_of(outputs))


def test_subjects_without_a_label_are_counted(tmp_path):
    results = classification(10, targets=["a", "b"])
    results.labels[2:5, 0] = np.nan
    run = scalar_run(store_results(tmp_path, {Split.TEST: results}), ["a", "b"])
    assert [run.count_unlabelled("Test", name) for name in "ab"] == [3, 0]
    assert [len(run.rows("Test", name)) for name in "ab"] == [7, 10]


def test_a_subject_that_comes_twice_is_refused(tmp_path):
    results = classification(4)
    results.subjects[3] = results.subjects[0]
    run = scalar_run(store_results(tmp_path, {Split.TEST: results}))
    with pytest.raises(InnerEyeError, match="Subject IDs should be unique"):
        run.rows("Test", "Default")
