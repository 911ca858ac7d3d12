"""The generated data set is sound, always the same, and what is asked for can be learnt from it."""

import numpy as np
import pytest

from innereye.data.scalar.balls import make_balls
from innereye.data.scalar.check import ItemCheckSettings, check_items
from innereye.data.scalar.item_image import ImageSizes, load_image
from innereye.data.scalar.items import parse_items
from innereye.io.files import read_table
from innereye.provenance.files import sha256_of
from scalar_tables import one_row_layout

FIELDS = {
    "image_file_column": "filePath",
    "numerical_columns": ["age"],
    "categorical_columns": ["sex"],
}
KINDS = {
    "binary": {},
    "multi-label": {"label_value_column": "findings", "class_names": ["bright", "large", "old"]},
    "regression": {"label_value_column": "score", "is_regression": True},
}


@pytest.fixture(scope="module", params=[(12, 16, 16), (1, 16, 16)], ids=["3D", "2D"])
def csv_path(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("balls")
    return make_balls(folder, subjects=40, seed=3, size_zyx=request.param)


@pytest.mark.parametrize("kind", KINDS)
def test_balls_are_a_data_set_without_faults(kind, csv_path):
    result = check_items(
        read_table(csv_path),
        one_row_layout(**FIELDS, **KINDS[kind]),
        root=csv_path.parent,
        settings=ItemCheckSettings(),
        previous=None,
        workers=1,
    )
    assert (result.faults, result.dropped) == ([], ())


def test_brightness_age_and_sex_tell_the_label(csv_path):
    items = parse_items(read_table(csv_path), one_row_layout(**FIELDS)).items
    labels = np.array([item.label[0] for item in items])
    bright = [
        np.ptp(np.clip(load_image(item.images, csv_path.parent, ImageSizes()), 100, None)) > 30
        for item in items
    ]
    assert 0.3 < labels.mean() < 0.7
    assert 0.6 < (labels == bright).mean() < 1, "the image says much, and not all"
    risks = [item.numerical[0] / 30 + 0.6 * item.categorical[0] for item in items]
    lines = np.stack([np.where(bright, 1, -1), risks, np.ones(40)], axis=1)
    weights = np.linalg.lstsq(lines, labels * 2 - 1, rcond=None)[0]
    assert ((lines @ weights > 0) == labels).mean() >= 0.9


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path):
    def hashes(name, seed, size_zyx):
        make_balls(tmp_path / name, subjects=3, seed=seed, size_zyx=size_zyx)
        files = (p for p in (tmp_path / name).rglob("*") if p.is_file())
        return {str(p.relative_to(tmp_path / name)): sha256_of(p) for p in files}

    for size_zyx in ((4, 12, 12), (1, 12, 12)):
        first = hashes(f"a{size_zyx}", 1, size_zyx)
        assert hashes(f"b{size_zyx}", 1, size_zyx) == first
        assert hashes(f"c{size_zyx}", 2, size_zyx) != first


def test_balls_need_room(tmp_path):
    for wrong in ({"subjects": 0}, {"size_zyx": (4, 8, 16)}):
        with pytest.raises(ValueError, match="Balls need"):
            make_balls(tmp_path, **{"subjects": 1, "seed": 0, **wrong})
