"""One picture per structure of each subject, listed, from volumes that are what was written."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from innereye.configs.stages.plot import PlotSettings
from innereye.errors import ConfigError, ImageError
from innereye.io.image import Geometry, write_image
from innereye.names import SEGMENTATION_NII, SEGMENTATIONS_CSV, THUMBNAILS_CSV, subject_folder
from innereye.provenance.files import sha256_of
from innereye.reports.thumbnail_picture import Thumbnails
from innereye.reports.thumbnails import draw_thumbnails

SHAPE = (6, 16, 20)
GEOMETRY = Geometry(SHAPE, (3.0, 1.0, 1.0))


def ball(label, z):
    """Return labels with a box around slice z, largest there."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[z - 1 : z + 2, 6:9, 6:9] = label
    labels[z, 4:11, 4:11] = label
    return labels


def store(folder: Path, *, subjects, truth, predicted, geometry=GEOMETRY):
    """Store images, masks of `left` (1) and `right` (2), and segmentations; return what to draw."""
    rows, volumes = [], []
    for subject in subjects:
        image = np.random.default_rng(int(subject)).normal(size=SHAPE).astype(np.float32)
        parts = {"ct": image, "left": truth == 1, "right": truth == 2}
        for channel, array in parts.items():
            write_image(folder / "data" / subject / f"{channel}.nii.gz", array, geometry)
            rows.append((subject, channel, f"{subject}/{channel}.nii.gz"))
        file = f"{subject_folder(subject)}/{SEGMENTATION_NII}"
        write_image(folder / "run" / file, predicted, geometry)
        volumes.append((subject, file, sha256_of(folder / "run" / file)))
    columns = ["subject", "channel", "filePath"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "test_dataset.csv", index=False)
    table = pd.DataFrame(volumes, columns=["subject", "file", "sha256"])
    table.to_csv(folder / "run" / SEGMENTATIONS_CSV, index=False)


def draw(folder: Path, **fields):
    settings = {"local_dataset": folder / "data", "image_channels": ["ct"]}
    settings |= {"ground_truth_ids": ["left", "right"], "norm_method": "Trimmed Norm"}
    draw_thumbnails(
        segmentations_csv=folder / "run" / SEGMENTATIONS_CSV,
        split_csv=folder / "test_dataset.csv",
        settings=PlotSettings(**settings | fields),
        plot_dpi=30,
        folder=folder / "run" / "thumbnails",
    )
    return folder / "run" / "thumbnails"


@pytest.fixture
def captions(monkeypatch):
    """Collect the captions of the pictures."""
    seen = []
    png = Thumbnails.png

    def record(self, piece, *, name, score):
        seen.append((name, score))
        return png(self, piece, name=name, score=score)

    monkeypatch.setattr(Thumbnails, "png", record)
    return seen


def test_names_and_slices_of_all_structures(tmp_path):
    store(tmp_path, subjects=["2", "10"], truth=ball(1, 2) + ball(2, 4), predicted=ball(1, 3))
    folder = draw(tmp_path)
    # `left` is predicted around slice 3; of `right` nothing is, its truth is largest in slice 4.
    expected = [
        f"{subject}_{part}"
        for subject in ("002", "010")
        for part in ("left_slice_003", "right_slice_004")
    ]
    assert sorted(file.stem for file in folder.glob("*.png")) == sorted(expected)
    index = pd.read_csv(folder / THUMBNAILS_CSV, dtype=str)
    assert [*index] == ["subject", "structure", "slice", "file"]
    assert [*index["subject"]] == ["2", "2", "10", "10"]
    assert [*index["file"]] == [f"{name}.png" for name in expected]


def test_pictures_are_not_blank(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    for file in draw(tmp_path).glob("*.png"):
        assert np.asarray(Image.open(file).convert("L"))[20:].std() > 20


def test_captions_name_subject_structure_slice_and_dice(tmp_path, captions):
    store(tmp_path, subjects=["7"], truth=ball(1, 2), predicted=ball(1, 2) * (np.arange(20) < 8))
    draw(tmp_path)
    truth, part = 2 * 9 + 49, 2 * 3 * 2 + 7 * 4
    assert captions == [
        ("Subject 7 · left · slice 2", f"Dice {2 * part / (truth + part):.3f}"),
        ("Subject 7 · right · slice 0", "Dice -"),
    ]


def test_same_volumes_same_bytes(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    first = {file.name: file.read_bytes() for file in draw(tmp_path).iterdir()}
    assert {file.name: file.read_bytes() for file in draw(tmp_path).iterdir()} == first


def test_the_folder_is_written_as_a_whole(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    old = tmp_path / "run" / "thumbnails" / "099_left_slice_001.png"
    old.parent.mkdir()
    old.write_bytes(b"old")
    assert not (draw(tmp_path) / old.name).exists()
    assert [path.name for path in (tmp_path / "run").iterdir() if path.name.startswith(".")] == []


def test_turned_images_are_turned_back(tmp_path, monkeypatch):
    pieces = []
    png = Thumbnails.png
    monkeypatch.setattr(
        Thumbnails,
        "png",
        lambda self, piece, **texts: pieces.append(piece) or png(self, piece, **texts),
    )
    turned = Geometry(SHAPE, (3.0, 1.0, 1.0), direction=(-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0))
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 2), geometry=turned)
    draw(tmp_path)
    plane = ball(1, 2)[2] == 1
    assert (pieces[0].truth == plane[::-1, ::-1]).all()
    assert (pieces[0].predicted == plane[::-1, ::-1]).all()


def test_an_empty_split_gives_an_empty_list(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "test_dataset.csv").write_text("subject,channel,filePath\n", encoding="utf-8")
    (tmp_path / "run" / SEGMENTATIONS_CSV).write_text("subject,file,sha256\n", encoding="utf-8")
    folder = draw(tmp_path)
    assert [file.name for file in folder.iterdir()] == [THUMBNAILS_CSV]
    assert pd.read_csv(folder / THUMBNAILS_CSV).empty


def test_a_changed_volume_is_refused_and_the_old_pictures_stay(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    before = sorted(draw(tmp_path).iterdir())
    write_image(tmp_path / "run" / "001" / SEGMENTATION_NII, ball(1, 1), GEOMETRY)
    with pytest.raises(ImageError, match="subject 1"):
        draw(tmp_path)
    assert sorted((tmp_path / "run" / "thumbnails").iterdir()) == before


def test_a_segmentation_off_its_image_is_refused(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    file = tmp_path / "run" / "001" / SEGMENTATION_NII
    write_image(file, ball(1, 3), Geometry(SHAPE, (3.0, 1.0, 2.0)))
    table = pd.DataFrame([("1", "001/segmentation.nii.gz", sha256_of(file))])
    table.to_csv(
        tmp_path / "run" / SEGMENTATIONS_CSV, header=["subject", "file", "sha256"], index=False
    )
    with pytest.raises(ImageError, match=r"Subject 1: .* spacing"):
        draw(tmp_path)


def test_the_folder_of_the_data_set_must_be_known(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    with pytest.raises(ConfigError, match="local_dataset"):
        draw(tmp_path, local_dataset=None)


def test_a_structure_without_truth_gives_no_picture(tmp_path):
    store(tmp_path, subjects=["1"], truth=ball(1, 2), predicted=ball(1, 3))
    rows = pd.read_csv(tmp_path / "test_dataset.csv", dtype=str)
    rows[rows["channel"] != "left"].to_csv(tmp_path / "test_dataset.csv", index=False)
    assert [file.name for file in draw(tmp_path).glob("*.png")] == ["001_right_slice_000.png"]
