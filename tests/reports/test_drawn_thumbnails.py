"""A report on images in the cloud shows the thumbnails that were drawn there, of its worst subjects."""

import pytest

from innereye.io.files import read_table
from innereye.reports.drawn_thumbnails import copy_thumbnails


@pytest.fixture
def drawn(tmp_path):
    """Thumbnails of three subjects, as draw_thumbnails leaves them."""
    source = tmp_path / "Test" / "thumbnails"
    source.mkdir(parents=True)
    lines = ["subject,structure,slice,file"]
    for subject in ("1", "01", "7"):
        lines.append(f"{subject},liver,4,{subject}_liver.png")
        (source / f"{subject}_liver.png").write_text(f"picture of {subject}")
    (source / "thumbnails.csv").write_text("\n".join(lines) + "\n")
    return source


def test_only_the_subjects_that_are_shown_are_copied(drawn, tmp_path):
    folder = tmp_path / "report_pictures" / "Test"
    folder.mkdir(parents=True)
    (folder / "of_yesterday.png").write_text("old")
    copy_thumbnails(drawn, folder, subjects={"01", "7"})
    names = {path.name for path in folder.iterdir()}
    assert names == {"thumbnails.csv", "01_liver.png", "7_liver.png"}
    assert (folder / "01_liver.png").read_text() == "picture of 01"
    assert list(read_table(folder / "thumbnails.csv")["subject"]) == ["01", "7"]


def test_where_nothing_was_drawn_no_old_picture_stays(tmp_path, caplog):
    folder = tmp_path / "report_pictures" / "Test"
    folder.mkdir(parents=True)
    copy_thumbnails(tmp_path / "none", folder, subjects={"1"})
    assert not folder.exists()
    assert "has no pictures to show" in caplog.text
