"""A DICOM-SEG that another program reads is the segmentation, where it lies in the patient."""

import json
from dataclasses import replace

import numpy as np
import pydicom
import pytest

from dicom_series import FRAME_OF_REFERENCE, ORIENTATIONS, STUDY
from innereye.io.dicom_seg import write_dicom_seg
from innereye.io.geometry import Image
from segmented_series import ORIGIN, SPACING, STRUCTURES, dice_in_patient, run_reader, segmented

LABELS = [1, 2, 4]  # those with voxels; segments have the numbers 1, 2, 3


def written(folder, scene, origin=ORIGIN):
    path = folder / "seg.dcm"
    write_dicom_seg(path, scene.segmentation, scene.series, structures=STRUCTURES, origin=origin)
    return path


def read_back(folder, seg):
    """Return the masks that dcmqi finds, by number of the segment; what it says lies beside them."""
    target = folder / "masks"
    target.mkdir()
    out = ("--outputDirectory", target, "--outputType", "nrrd", "--prefix", "seg")
    run_reader("dcmqi", "segimage2itkimage", "--inputDICOM", seg, *out)
    return {int(each.stem.rpartition("-")[2]): each for each in target.glob("*.nrrd")}


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_what_is_read_is_the_segmentation(tmp_path, orientation):
    scene = segmented(tmp_path, orientation)
    masks = read_back(tmp_path, written(tmp_path, scene))
    assert sorted(masks) == [1, 2, 3]
    for number, label in enumerate(LABELS, start=1):
        assert dice_in_patient(scene.nifti, label, masks[number]) == 1


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_mirrored_segmentation_would_be_found(tmp_path, axis):
    scene = segmented(tmp_path)
    mirrored = Image(np.flip(scene.segmentation.array, axis), scene.series.geometry)
    masks = read_back(tmp_path, written(tmp_path, replace(scene, segmentation=mirrored)))
    for number, label in enumerate(LABELS, start=1):
        assert dice_in_patient(scene.nifti, label, masks[number]) < 0.7


def test_structures_have_their_names_and_colours(tmp_path):
    read_back(tmp_path, written(tmp_path, segmented(tmp_path)))
    told = json.loads((tmp_path / "masks" / "seg-meta.json").read_text())["segmentAttributes"]
    shown = {each[0]["SegmentLabel"]: each[0]["recommendedDisplayRGBValue"] for each in told}
    for label in LABELS:
        structure = STRUCTURES[label - 1]
        assert np.allclose(shown[structure.name], structure.colour, atol=3)


def test_references_name_the_series(tmp_path):
    scene = segmented(tmp_path)
    dataset = pydicom.dcmread(written(tmp_path, scene))
    headers = [pydicom.dcmread(file) for file in scene.series.files]
    assert (dataset.StudyInstanceUID, dataset.FrameOfReferenceUID) == (STUDY, FRAME_OF_REFERENCE)
    (series,) = dataset.ReferencedSeriesSequence
    assert series.SeriesInstanceUID == headers[0].SeriesInstanceUID != dataset.SeriesInstanceUID
    referred = {each.ReferencedSOPInstanceUID for each in series.ReferencedInstanceSequence}
    assert referred == {header.SOPInstanceUID for header in headers}
    assert dataset.SoftwareVersions == "Prostate:7"


def test_nothing_found_names_all_structures(tmp_path):
    scene = segmented(tmp_path, labels=np.zeros((3, 4, 5), np.uint8))
    dataset = pydicom.dcmread(written(tmp_path, scene))
    named = [each.SegmentLabel for each in dataset.SegmentSequence]
    assert named == [each.name for each in STRUCTURES]
    assert dataset.pixel_array.max() == 0


def test_the_same_content_gives_the_same_bytes_and_other_content_other_numbers(tmp_path):
    scene = segmented(tmp_path)
    first = written(tmp_path, scene).read_bytes()
    number = pydicom.dcmread(tmp_path / "seg.dcm").SOPInstanceUID
    assert written(tmp_path, scene).read_bytes() == first
    other = written(tmp_path, scene, replace(ORIGIN, model_id="Prostate:8"))
    assert pydicom.dcmread(other).SOPInstanceUID != number


def test_voxels_reach_to_their_neighbours_however_thick_the_slices_are(tmp_path):
    dataset = pydicom.dcmread(written(tmp_path, segmented(tmp_path)))
    (measures,) = dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence
    z_mm, y_mm, x_mm = SPACING
    assert (measures.SliceThickness, measures.SpacingBetweenSlices) == (z_mm, z_mm)
    assert measures.PixelSpacing == [y_mm, x_mm]
