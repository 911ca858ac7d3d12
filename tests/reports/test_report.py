"""The report as a whole: executed, offline, readable, and the same each time."""

import re
from html import unescape

import nbformat
import pytest

from innereye.configs.stages.report import ReportSettings
from innereye.errors import InnerEyeError
from innereye.names import DICE, METRICS_CSV, STRUCTURE, Split
from innereye.reports import notebook as notebooks
from innereye.reports.report import write_report
from innereye.reports.score_tables import dice_in_words, statistics_table


def report(folder, splits, **settings):
    write_report(
        run_folder=folder,
        epoch=3,
        reason="the best of two",
        splits=splits,
        settings=ReportSettings(**settings),
        facts={"Model": "Phantom & Co", "Seed": "42"},
        notebook=folder / "report.ipynb",
        html=folder / "report.html",
    )
    return (folder / "report.ipynb").read_bytes(), (folder / "report.html").read_bytes()


@pytest.fixture(scope="module")
def scores(made_up_scores):
    return {Split.VAL: made_up_scores(6, 1), Split.TEST: made_up_scores(24, 2)}


@pytest.fixture(scope="module")
def files(make_run, scores, tmp_path_factory):
    """Bytes of the notebook and of the page of a run."""
    return report(make_run(tmp_path_factory.mktemp("run"), scores), [*scores])


@pytest.fixture(scope="module")
def page(files):
    return unescape(files[1].decode("utf-8"))


@pytest.fixture(scope="module")
def cells(files):
    return nbformat.reads(files[0].decode("utf-8"), as_version=4).cells


def test_the_page_holds_the_numbers_of_both_splits(page, scores):
    for metrics in scores.values():
        assert dice_in_words(metrics) in page
        for row in statistics_table(metrics, DICE).rows:
            cells = "".join(f"<td>{cell}</td>" for cell in row[1:])
            assert f'<td class="word">{row[0]}</td>{cells}' in page


def test_the_mean_is_that_of_the_scores(page, scores):
    metrics = scores[Split.TEST]
    mean = metrics.loc[metrics[STRUCTURE] == "left", DICE].mean()
    assert f"<td>24</td><td>{mean:.3f}</td>" in page


def test_test_comes_before_val(page):
    headings = re.findall(r"<h[12][^>]*>([^<]*)</h[12]>", page)
    title = "Segmentation report: Phantom & Co"
    assert headings == [title, "Test set", "Validation set", "Learning curves"]


def test_the_page_needs_no_network_and_is_small(files):
    page = files[1].decode("utf-8")
    assert not re.search(r"https?://|<script|<link|@import|url\(", page)
    assert set(re.findall(r'src="([^"]{11})', page)) == {"data:image/"}
    assert len(files[1]) < 1_000_000


def test_the_page_shows_no_code(files):
    assert b"ReportedRun" not in files[1]
    assert b"sections." not in files[1]


def test_val_is_pointed_out_as_small(page):
    assert page.count("Only 6 subjects") == 1
    assert "Only 24" not in page


def test_every_cell_ran_without_a_word_on_the_side(cells):
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    kinds = {output.output_type for cell in code for output in cell.outputs}
    assert kinds == {"execute_result"}


def test_the_same_results_elsewhere_give_the_same_bytes(files, make_run, scores, tmp_path):
    assert report(make_run(tmp_path / "elsewhere", scores), [*scores]) == files


def test_the_notebook_names_no_place_and_no_time(files, cells, tmp_path_factory):
    assert str(tmp_path_factory.getbasetemp()).encode() not in files[0]
    assert all(set(cell.metadata) <= {"tags"} for cell in cells)


def test_neither_home_nor_installed_kernels_matter(make_run, scores, tmp_path, monkeypatch, files):
    kernel = tmp_path / "home" / "share" / "jupyter" / "kernels" / "python3"
    kernel.mkdir(parents=True)
    (kernel / "kernel.json").write_text(
        '{"argv": ["false"], "display_name": "no", "language": "python"}'
    )
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home" / "share"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "home" / "share" / "jupyter"))
    assert report(make_run(tmp_path / "run", scores), [*scores]) == files


def test_missing_scores_are_all_named(make_run, scores, tmp_path):
    folder = make_run(tmp_path, scores)
    for split in scores:
        (folder / "epoch_003" / split / METRICS_CSV).unlink()
    with pytest.raises(InnerEyeError, match=r"(?s)Test/metrics.csv.*Val/metrics.csv"):
        report(folder, [*scores])
    assert not (folder / "report.html").exists()


def test_a_mistake_of_the_user_keeps_its_sentence(tmp_path):
    code = "from innereye.errors import DatasetError\nraise DatasetError('row 7 is empty')"
    template = notebooks.make_notebook("x = 1", [code])
    with pytest.raises(InnerEyeError, match=r"^row 7 is empty$"):
        notebooks.execute(template, parameters={"x": 2}, folder=tmp_path)
