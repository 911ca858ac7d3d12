"""Does the description say what another program must do?"""

import json

import numpy as np
import pytest

from innereye.configs.stages.export import ExportSettings
from innereye.data.normalisation import Normalisation, normalise
from innereye.inference.export_description import describe_export, normalisation_in_words
from innereye.names import NormMethod


def words(**fields):
    return normalisation_in_words(ExportSettings(**fields))


@pytest.mark.parametrize("method", NormMethod)
def test_every_method_has_words_of_its_own(method):
    assert words(norm_method=method).startswith(f"{method}: ")


def test_the_words_of_a_ct_window_are_what_is_done():
    fields = {"window": 400, "level": 40, "output_range": (-1, 2)}
    expected = "-160 and 240 (Hounsfield units) are mapped linearly to -1 and 2"
    assert expected in words(norm_method=NormMethod.CT_WINDOW, **fields)
    values = np.array([[[-160.0, 240.0, 40.0, 1000.0]]])
    found = normalise(values, Normalisation(norm_method=NormMethod.CT_WINDOW, **fields))
    assert found.ravel().tolist() == pytest.approx([-1, 2, 0.5, 2])


def test_descriptions_of_the_formats_become_one(tmp_path):
    facts = {"model": "Lung", "output": {"classes": ["background", "lung"]}}
    parts = []
    for name in ("model.onnx", "model.torchscript.pt"):
        parts.append(tmp_path / f"{name}.json")
        parts[-1].write_text(json.dumps({**facts, "files": [{"file": name}]}))
    describe_export(parts, tmp_path / "export.json")
    found = json.loads((tmp_path / "export.json").read_text())
    names = [{"file": "model.onnx"}, {"file": "model.torchscript.pt"}]
    assert found == {**facts, "files": names}
