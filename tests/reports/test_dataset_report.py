"""The report on a data set finds what was sown, says nothing of what is sound, and writes its tables."""

import re
import shutil

import pytest

from innereye.configs.stages.dataset_report import DatasetReportSettings
from innereye.data.phantoms import make_phantoms
from innereye.errors import DatasetError
from innereye.io.files import read_table
from innereye.metrics.structure_extremes import HEADER
from innereye.reports.dataset_report import ReportFiles, dataset_report
from phantoms import edit_rows

SUBJECTS = 8
SPLITS = {str(n): "Train" if n < 6 else "Val" if n == 6 else "Test" for n in range(1, SUBJECTS + 1)}


@pytest.fixture(scope="session")
def sound(tmp_path_factory):
    """A data set without faults, to copy from."""
    folder = tmp_path_factory.mktemp("sound")
    make_phantoms(folder, subjects=SUBJECTS, seed=1, size_zyx=(20, 22, 24))
    return folder


@pytest.fixture
def data(sound, tmp_path):
    """A copy of it to spoil."""
    shutil.copytree(sound, tmp_path / "data")
    return tmp_path / "data"


def report(folder, out, **changes):
    fields = {
        "local_dataset": folder,
        "image_channels": ["channel1"],
        "ground_truth_ids": ["region", "region_1"],
        **changes,
    }
    names = ("report.html", "dataset_statistics.csv", "label_statistics.csv", "extremes.txt")
    files = ReportFiles(*(out / name for name in names))
    dataset_report(
        read_table(folder / "dataset.csv"),
        settings=DatasetReportSettings(**fields),
        splits=SPLITS,
        facts=[("Data set", "phantoms & more")],
        files=files,
        workers=1,
    )
    return files


def numbers_of(files):
    """Return how often each kind of finding is counted in the overview."""
    page = files.html.read_text(encoding="utf-8")
    rows = re.findall(r'<a href="#[^"]*">([^<]*)</a></td><td>(\d+)</td>', page)
    return {title: int(count) for title, count in rows}


@pytest.fixture(scope="session")
def of_sound(sound, tmp_path_factory):
    return report(sound, tmp_path_factory.mktemp("report"))


def test_the_page_stands_alone(of_sound):
    page = of_sound.html.read_text(encoding="utf-8")
    assert "phantoms &amp; more" in page
    assert "8 (5 Train, 1 Val, 2 Test)" in page
    assert not re.search(r"(src|href)=.?https?:", page)
    assert page.count("data:image/png") == 3


def test_tables_have_a_row_for_each_channel_and_structure(of_sound):
    images, labels = read_table(of_sound.statistics), read_table(of_sound.labels)
    assert (len(images), len(labels)) == (SUBJECTS, 2 * SUBJECTS)
    assert list(images["subject"]) == [str(n) for n in range(1, SUBJECTS + 1)]
    assert set(images["split"]) == {"Train", "Val", "Test"}
    lines = of_sound.extremes.read_text(encoding="utf-8").splitlines()
    assert lines[0] == HEADER
    assert len(lines) == 1 + 2 * SUBJECTS
    assert lines[1].split()[9:] == ["1", "series_0", "region"]


def test_the_same_data_give_the_same_bytes(of_sound, sound, tmp_path):
    again = report(sound, tmp_path)
    for name in ("html", "statistics", "labels", "extremes"):
        assert getattr(again, name).read_bytes() == getattr(of_sound, name).read_bytes()


def test_images_must_be_here(sound, tmp_path):
    with pytest.raises(DatasetError, match="local_dataset"):
        dataset_report(
            read_table(sound / "dataset.csv"),
            settings=DatasetReportSettings(image_channels=["channel1"]),
            splits={},
            facts=[],
            files=ReportFiles(*[tmp_path / "x"] * 4),
            workers=1,
        )


def test_a_table_without_rows_has_nothing_to_report(data, tmp_path):
    edit_rows(data / "dataset.csv", lambda f: f[:0])
    with pytest.raises(DatasetError, match="no rows"):
        report(data, tmp_path)
