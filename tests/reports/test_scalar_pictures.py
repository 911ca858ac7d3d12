"""Are pictures drawn of the images that there are, and is it said where there are none?"""

from pathlib import Path

import pytest
from tests.scalar_runs import classification, store_pictures, store_results, store_volume

from innereye.configs.stages.scalar_report import ScalarReportSettings
from innereye.names import Split
from innereye.reports.scalar_picture_files import read_pictures
from innereye.reports.scalar_pictures import draw_pictures

IMAGES = {"image_file_column": "file", "label_value_column": "label"}


@pytest.fixture
def draw(tmp_path):
    """Store three subjects, two of them with images, and give what draws them."""
    store_results(tmp_path / "run", {Split.TEST: classification(3)})
    store_pictures(tmp_path / "data", ["s0", "s2"])

    def drawn(*subjects, **settings):
        stated = {"local_dataset": str(tmp_path / "data"), **IMAGES, **settings}
        draw_pictures(
            run_folder=tmp_path / "run",
            split=Split.TEST,
            subjects=subjects,
            settings=ScalarReportSettings(**stated),
            is_regression=False,
            folder=tmp_path / "pictures",
        )
        return read_pictures(tmp_path / "pictures")

    return drawn


def test_pictures_that_are_missing_are_named(draw):
    found = draw("s0", "s1", "s9")
    assert isinstance(found["s0"], Path)
    assert found["s0"].is_file()
    assert found["s1"] == "s1.png does not exist"
    assert "no usable row" in found["s9"]


def test_a_damaged_image_is_said(draw, tmp_path):
    (tmp_path / "data" / "s0.png").write_bytes(b"no picture")
    assert "s0.png cannot be read as a picture" in draw("s0")["s0"]


def test_images_that_are_elsewhere_are_said(draw):
    assert draw("s0", local_dataset=None) == {"s0": "the images are not on this machine"}


def test_a_model_without_images_has_no_pictures(draw):
    assert draw("s0", image_file_column=None) == {}


def test_pictures_of_an_earlier_report_do_not_stay(draw, tmp_path):
    draw("s0", "s2")
    draw("s2")
    assert len(list((tmp_path / "pictures").glob("*.png"))) == 1


def test_volumes_are_drawn_too(draw, tmp_path):
    store_volume(tmp_path / "data", "s0.nii.gz")
    table = tmp_path / "run" / "test_dataset.csv"
    table.write_text(table.read_text().replace("s0.png", "s0.nii.gz"))
    assert isinstance(draw("s0")["s0"], Path)
