"""How do tests get at the real torchvision, which the library itself never imports?"""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest
from torch import library

# `make install` puts it here and not among the packages: Lightning imports torchvision wherever it
# is installed, which takes seconds, and fails beside a torch without CUDA.
BESIDE = Path(sys.prefix) / "torchvision_for_tests"
COMPILED = ("nms", "qnms")
_kept: list[library.Library] = []


def torchvision_module(name: str) -> ModuleType:
    """Return a module of torchvision, such as "transforms"; skip the test where there is none."""
    if "torchvision" not in sys.modules and not _import_torchvision():
        pytest.skip(
            f"torchvision is neither installed nor in {BESIDE} (make install puts it there)"
        )
    return importlib.import_module(f"torchvision.{name}")


def _import_torchvision() -> bool:
    """Import it from wherever it is; nothing else is to find it later on."""
    sys.path.append(str(BESIDE))
    try:
        _import_without_operators()
    except ModuleNotFoundError as error:
        if error.name != "torchvision":
            raise
        return False
    finally:
        sys.path.remove(str(BESIDE))
    return True


def _import_without_operators() -> None:
    """Import torchvision, also where its compiled operators cannot be loaded.

    PyPI has one build for each version of torch, and its operators ask for torch's CUDA libraries.
    Beside a torch for CPUs torchvision leaves them out, but then describes the results of two of
    them and fails, as they are not there. It is enough to declare these two: no transform of images
    calls one.
    """
    try:
        importlib.import_module("torchvision")
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
        for module in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[module]
        declared = library.Library("torchvision", "FRAGMENT")
        for operator in COMPILED:
            declared.define(
                f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
            )
        _kept.append(declared)  # what is declared goes with it
        importlib.import_module("torchvision")
