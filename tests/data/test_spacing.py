"""The expected spacing: within 5 % an image is taken, beyond it is refused with both spacings."""

import pytest

from innereye.data.spacing import spacing_fault

EXPECTED_XYZ = (1.0, 1.0, 3.0)


@pytest.mark.parametrize("found", [(3.0, 1.0, 1.0), (3.14, 0.96, 1.04)])
def test_what_lies_within_5_percent_is_taken(found):
    assert spacing_fault(found, EXPECTED_XYZ) == ""


@pytest.mark.parametrize("found", [(3.2, 1.0, 1.0), (3.0, 0.94, 1.0), (1.0, 1.0, 3.0)])
def test_what_lies_beyond_is_refused(found):
    words = " x ".join(f"{mm:g}" for mm in reversed(found))
    assert f"is {words} mm; dataset_expected_spacing_xyz is 1 x 1 x 3 mm" in spacing_fault(
        found, EXPECTED_XYZ
    )


def test_without_an_expected_spacing_all_is_taken():
    assert spacing_fault((9.0, 0.1, 5.0), None) == ""
