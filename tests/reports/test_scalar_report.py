"""The report on a scalar model as a whole: executed, offline, its numbers those of scikit-learn."""

import re
from html import unescape

import nbformat
import numpy as np
import pytest
from sklearn.metrics import (
    average_precision_score,
    brier_score_loss,
    confusion_matrix,
    log_loss,
    r2_score,
    roc_auc_score,
    roc_curve,
)
from tests.scalar_runs import (
    classification,
    regression,
    store_epochs,
    store_pictures,
    store_results,
)

from innereye.configs.stages.scalar_report import ScalarReportSettings
from innereye.errors import InnerEyeError
from innereye.metrics.scalar.result_files import read_results
from innereye.names import Split
from innereye.reports.scalar_report_run import report_scalar_run

pytestmark = pytest.mark.slow

CLASSES = {
    Split.VAL: classification(40, seed=1, prefix="v"),
    Split.TEST: classification(60, seed=2, prefix="t"),
}
VALUES = {Split.TEST: regression(30, seed=1)}
IMAGES = {"image_file_column": "file", "label_value_column": "label"}


def report(folder, splits, *, is_regression=False, **settings):
    report_scalar_run(
        run_folder=folder,
        epochs=[1, 3],
        splits=splits,
        settings=ScalarReportSettings(max_worst_subjects=5, **settings),
        is_regression=is_regression,
        facts={"Model": "Digits & Co", "Seed": "42"},
        notebook=folder / "report.ipynb",
        html=folder / "report.html",
        resamples=30,
    )
    return (folder / "report.ipynb").read_bytes(), (folder / "report.html").read_bytes()


def classified(folder):
    """Store a run of a classification with pictures of its subjects, and return its report."""
    store_results(folder / "run", CLASSES)
    store_epochs(folder / "run", CLASSES[Split.VAL])
    store_pictures(folder / "data", CLASSES[Split.TEST].subjects)
    return report(folder / "run", [*CLASSES], local_dataset=str(folder / "data"), **IMAGES)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return classified(tmp_path_factory.mktemp("classified"))


@pytest.fixture(scope="module")
def page(files):
    return unescape(files[1].decode("utf-8"))


def values_of(page, name):
    """Return what stands beside a name, each time that it is the first cell of a row."""
    return re.findall(rf'<td class="word">{re.escape(name)}</td><td>([^<]*)</td>', page)


def scores(split):
    """Return labels and outputs as they stand in the files."""
    results = CLASSES[split]
    return results.labels[:, 0], np.round(results.outputs[:, 0], 6).astype(np.float32)


def val_threshold():
    false_positive, true_positive, thresholds = roc_curve(
        *scores(Split.VAL), drop_intermediate=False
    )
    return thresholds[np.argmax(true_positive - false_positive)]


def test_areas_and_cross_entropy_are_those_of_scikit_learn(page):
    truth, found = zip(scores(Split.TEST), scores(Split.VAL), strict=True)
    pairs = list(zip(truth, found, strict=True))
    areas = [f"{roc_auc_score(*pair):.4f}" for pair in pairs]
    assert values_of(page, "Area under ROC Curve") == areas
    entropies = [f"{log_loss(labels, outputs.astype(float)):.4f}" for labels, outputs in pairs]
    # Once among the numbers, once under calibration.
    assert values_of(page, "Cross entropy") == [text for text in entropies for _ in range(2)]
    assert values_of(page, "Brier score") == [f"{brier_score_loss(*pair):.4f}" for pair in pairs]
    for shown, pair in zip(values_of(page, "Area under PR Curve"), pairs, strict=True):
        # The trapezoid rule differs from the mean precision by little.
        assert float(shown) == pytest.approx(average_precision_score(*pair), abs=0.02)


def test_rates_on_test_are_those_at_the_threshold_of_val(page):
    labels, outputs = scores(Split.TEST)
    (tn, fp), (fn, tp) = confusion_matrix(labels, outputs >= val_threshold())
    assert values_of(page, "Optimal threshold") == [f"{val_threshold():.4f}"] * 2
    assert values_of(page, "Accuracy at optimal threshold")[0] == f"{(tp + tn) / 60:.4f}"
    assert values_of(page, "False positive rate at optimal threshold")[0] == f"{fp / (fp + tn):.4f}"
    assert values_of(page, "False negative rate at optimal threshold")[0] == f"{fn / (fn + tp):.4f}"
    assert values_of(page, "Sensitivity at optimal threshold")[0] == f"{tp / (fn + tp):.4f}"
    assert f"<td>{tp}</td><td>{fn}</td><td>{tp + fn}</td>" in page
    assert f"<td>{fp}</td><td>{tn}</td><td>{fp + tn}</td>" in page


def test_test_comes_first_and_the_title_names_the_model(page):
    headings = re.findall(r"<h[12][^>]*>([^<]*)</h[12]>", page)
    title = "Classification report: Digits & Co"
    assert headings == [title, "Test set", "Validation set", "Learning curves"]
    assert "3: the last of the test epochs 1, 3" in page


def test_pictures_of_the_lists_are_in_the_page(page):
    labels, outputs = scores(Split.TEST)
    positive = outputs >= val_threshold()
    counts = [int((positive == p)[labels == t].sum()) for p in (False, True) for t in (0, 1)]
    assert page.count('alt="Images of subject') == sum(min(5, count) for count in counts)
    assert page.count("Best and worst subjects") == 1


def test_the_page_needs_no_network_and_shows_no_code(files):
    page = files[1].decode("utf-8")
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)
    assert set(re.findall(r'src="([^"]{11})', page)) == {"data:image/"}
    assert "scalar_sections" not in page


def test_every_cell_ran_without_a_word_on_the_side(files):
    cells = nbformat.reads(files[0].decode("utf-8"), as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds == {"execute_result"}


def test_the_same_results_elsewhere_give_the_same_bytes(files, tmp_path):
    assert classified(tmp_path / "elsewhere") == files


@pytest.mark.slow
def test_a_regression_shows_its_errors(tmp_path):
    store_results(tmp_path, VALUES)
    page = report(tmp_path, [Split.TEST], is_regression=True)[1].decode("utf-8")
    table = read_results(tmp_path / "epoch_003" / "Test" / "metrics.csv")
    shown = [f"{r2_score(table['label'], table['model_output']):.4f}"]
    assert values_of(page, "R2") == shown
    assert "Regression report: Digits" in page
    assert "Top 5 largest errors" in page
    assert "no training of its own" in page


def test_missing_scores_are_all_named(tmp_path):
    with pytest.raises(InnerEyeError, match=r"(?s)Test/metrics.csv.*Val/metrics.csv"):
        report(tmp_path, [Split.TEST, Split.VAL])
