"""A DICOM file about a series takes over its patient and study, as far as they may be written."""

import pydicom
import pytest

from innereye.errors import ImageError
from innereye.io.dicom_seg import write_dicom_seg
from innereye.io.dicom_source import uid
from innereye.io.rtstruct import write_rtstruct
from segmented_series import ORIGIN, STRUCTURES, segmented

WRITERS = {"rtstruct": write_rtstruct, "seg": write_dicom_seg}
pytestmark = pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)


def rewritten(scene, **values):
    """Give all slices other values; None deletes one."""
    for file in scene.series.files:
        dataset = pydicom.dcmread(file)
        for keyword, value in values.items():
            setattr(dataset, keyword, value)
            if value is None:
                delattr(dataset, keyword)
        dataset.save_as(file)
    return scene


def written(write, folder, scene):
    path = folder / "out.dcm"
    write(path, scene.segmentation, scene.series, structures=STRUCTURES, origin=ORIGIN)
    return pydicom.dcmread(path)


def test_patient_and_study_are_those_of_the_series(tmp_path, write):
    values = {"PatientID": "LUNG-017", "PatientSex": "F", "StudyID": "9", "AccessionNumber": "A1"}
    dataset = written(write, tmp_path, rewritten(segmented(tmp_path), **values))
    assert {keyword: dataset[keyword].value for keyword in values} == values
    assert (dataset.StudyDate, dataset.StudyTime) == ("20200229", "101112")


@pytest.mark.parametrize(
    ("charset", "name"), [("ISO_IR 100", "Müller^Jörg"), ("ISO_IR 192", "山田^太郎")]
)
def test_names_in_any_letters_stay(tmp_path, write, charset, name):
    values = {"SpecificCharacterSet": charset, "PatientName": name}
    dataset = written(write, tmp_path, rewritten(segmented(tmp_path), **values))
    assert str(dataset.PatientName) == name


def test_what_an_anonymised_series_lacks_is_empty(tmp_path, write):
    lacking = ["PatientID", "PatientName", "PatientSex", "StudyDate", "StudyTime", "StudyID"]
    scene = rewritten(segmented(tmp_path), **dict.fromkeys(lacking))
    dataset = written(write, tmp_path, scene)
    assert {str(dataset[keyword].value or "") for keyword in lacking} == {""}


@pytest.mark.filterwarnings("ignore:Invalid value for VR")
def test_what_may_not_be_written_is_empty(tmp_path, write):
    scene = rewritten(segmented(tmp_path), PatientSex="U", StudyDate="1.2.2020", StudyTime="noon")
    dataset = written(write, tmp_path, scene)
    assert {str(dataset[each].value or "") for each in ("PatientSex", "StudyDate")} == {""}


def test_a_space_without_a_number_gets_one(tmp_path, write):
    scene = rewritten(segmented(tmp_path), FrameOfReferenceUID=None)
    first = written(write, tmp_path, scene).FrameOfReferenceUID
    assert first
    assert written(write, tmp_path, scene).FrameOfReferenceUID == first


def test_slices_that_nothing_can_refer_to_are_told_at_once(tmp_path, write):
    scene = rewritten(segmented(tmp_path), StudyInstanceUID=None)
    with pytest.raises(ImageError, match=r"(?s)000_1.2.3.dcm has no StudyInstanceUID.*041_1.2"):
        written(write, tmp_path, scene)
    assert not (tmp_path / "out.dcm").exists()


def test_slices_with_one_number_are_refused(tmp_path, write):
    scene = rewritten(segmented(tmp_path), SOPInstanceUID="1.2.3.4")
    with pytest.raises(ImageError, match="two slices have the same SOPInstanceUID"):
        written(write, tmp_path, scene)


def test_numbers_follow_from_what_they_are_made_of(write):
    assert uid(["a", "b"], "series") == uid(["a", "b"], "series") != uid(["a", "b"], "instance")
