"""Pictures of a normalisation exist for each subject, tell what is clipped, and stand upright."""

import numpy as np
import pytest
from PIL import Image

from innereye.configs.stages.normalized_images import NormalizedImagesSettings
from innereye.errors import DatasetError, ImageError
from innereye.io.files import read_table
from innereye.io.image import Geometry
from innereye.reports.normalized_images import normalize_and_visualize_dataset
from innereye.reports.normalized_picture import NormalisedChannel, central_slices
from phantoms import rewrite, volumes, write_dataset

SUBJECTS = ("1", "a/b")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    write_dataset(folder, SUBJECTS)
    return folder


def draw(data, folder, **changes):
    fields = {"local_dataset": data, "image_channels": ["ct"], "window": 80, "level": 60, **changes}
    settings = NormalizedImagesSettings(**fields)
    frame = read_table(data / "dataset.csv")
    normalize_and_visualize_dataset(frame, settings=settings, folder=folder, workers=1)
    return read_table(folder / "pictures.csv")


@pytest.fixture(scope="module")
def drawn(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "pictures"
    return folder, draw(data, folder)


def test_each_subject_has_a_picture(drawn):
    folder, table = drawn
    assert list(table["subject"]) == list(SUBJECTS)
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        [*table["file"], "index.html", "pictures.csv"]
    )
    for file in table["file"]:
        pixels = np.asarray(Image.open(folder / file).convert("L"))
        assert pixels.shape == (595, 1060)
        assert pixels.std() > 20
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert all(f'src="{file}"' in page for file in table["file"])
    assert "CT Window" in page


def test_the_table_says_what_is_clipped(drawn):
    row = drawn[1].iloc[0]
    image = volumes(0)["ct"]
    assert (row["low"], row["high"]) == ("20", "100")
    assert float(row["share_below"]) == pytest.approx((image < 20).mean(), abs=1e-4)
    assert float(row["share_above"]) == pytest.approx((image > 100).mean(), abs=1e-4)


def test_a_method_that_clips_nothing_has_no_limits(data, tmp_path):
    table = draw(data, tmp_path / "pictures", norm_method="Simple Norm", mask_id="mask")
    assert set(table["low"]) == {""}
    assert set(table["share_below"]) == {"0.0000"}


def test_the_folder_is_written_anew(data, tmp_path):
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "old.png").touch()
    draw(data, tmp_path / "pictures")
    assert not (tmp_path / "pictures" / "old.png").exists()


def test_what_cannot_be_normalised_is_named_and_the_old_pictures_stay(tmp_path):
    write_dataset(tmp_path / "data", SUBJECTS)
    rewrite(
        tmp_path / "data" / "001" / "ct.nii.gz",
        lambda array: np.full(array.shape, np.nan, np.float32),
    )
    (tmp_path / "pictures").mkdir()
    with pytest.raises(ImageError, match=r"Subject 1: .* voxels are not finite"):
        draw(tmp_path / "data", tmp_path / "pictures")
    assert [path.name for path in tmp_path.iterdir() if "pictures" in path.name] == ["pictures"]


def test_images_must_be_here(data, tmp_path):
    with pytest.raises(DatasetError, match="local_dataset"):
        draw(data, tmp_path / "pictures", local_dataset=None)


def test_shares_of_clipped_voxels():
    before = np.arange(10, dtype=np.float32).reshape(1, 2, 5)
    assert NormalisedChannel("ct", before, before, (2.0, 8.0)).clipped == (0.2, 0.1)
    assert NormalisedChannel("ct", before, before, None).clipped == (0.0, 0.0)


@pytest.mark.parametrize("signs", [(1, 1, 1), (-1, -1, 1), (1, -1, -1), (-1, 1, -1)])
def test_slices_show_the_same_patient_whatever_the_axes(signs):
    patient = np.random.default_rng(0).normal(size=(5, 7, 9))  # z up, y to the back, x to the left
    flips = tuple(slice(None, None, sign) for sign in signs[::-1])
    direction = tuple(float(value) for value in np.diag(signs).ravel())
    geometry = Geometry((5, 7, 9), (3.0, 1.0, 2.0), direction=direction)
    views = {
        name: (pixels, aspect) for name, pixels, aspect in central_slices(patient[flips], geometry)
    }
    assert np.array_equal(views["axial"][0], patient[2])
    assert np.array_equal(views["coronal"][0], patient[::-1, 3])
    assert np.array_equal(views["sagittal"][0], patient[::-1, :, 4])
    assert [aspect for _, aspect in views.values()] == [0.5, 1.5, 3.0]
