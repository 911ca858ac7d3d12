"""Contours that another program fills are the segmentation, where it lies in the patient."""

import logging
from dataclasses import replace
from datetime import datetime

import numpy as np
import pydicom
import pytest

from dicom_series import FRAME_OF_REFERENCE, ORIENTATIONS, STUDY
from innereye.io.dicom_labels import DicomStructure
from innereye.io.geometry import Image
from innereye.io.rtstruct import write_rtstruct
from segmented_series import ORIGIN, STRUCTURES, dice_in_patient, run_reader, segmented

PRESENT = {1: "femur", 2: "Blase, gefüllt", 4: "two parts"}


def written(folder, scene, structures=STRUCTURES, origin=ORIGIN):
    path = folder / "rtstruct.dcm"
    write_rtstruct(path, scene.segmentation, scene.series, structures=structures, origin=origin)
    return path


def filled(folder, rtstruct):
    """Fill the contours with plastimatch; return the folder of a mask for each structure."""
    target = folder / "masks"
    series = ("--referenced-ct", folder / "ct")
    out = ("--output-prefix", target, "--prefix-format", "nrrd")
    run_reader("plastimatch", "plastimatch", "convert", "--input", rtstruct, *series, *out)
    return target


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_filled_contours_are_the_segmentation(tmp_path, orientation):
    scene = segmented(tmp_path, orientation)
    masks = filled(tmp_path, written(tmp_path, scene))
    assert {each.stem for each in masks.iterdir()} == set(PRESENT.values())
    for label, name in PRESENT.items():
        assert dice_in_patient(scene.nifti, label, masks / f"{name}.nrrd") >= 0.99


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_mirrored_segmentation_would_be_found(tmp_path, axis):
    scene = segmented(tmp_path)
    mirrored = Image(np.flip(scene.segmentation.array, axis), scene.series.geometry)
    masks = filled(tmp_path, written(tmp_path, replace(scene, segmentation=mirrored)))
    for label, name in PRESENT.items():
        assert dice_in_patient(scene.nifti, label, masks / f"{name}.nrrd") < 0.7


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_contours_lie_in_the_planes_of_the_slices_they_name(tmp_path, orientation):
    scene = segmented(tmp_path, orientation)
    places = {}
    for file in scene.series.files:
        header = pydicom.dcmread(file)
        row, column = np.reshape(header.ImageOrientationPatient, (2, 3)).astype(float)
        place = np.array(header.ImagePositionPatient, float)
        places[header.SOPInstanceUID] = (np.cross(row, column), place)
    contours = contours_of(pydicom.dcmread(written(tmp_path, scene)))
    assert len(contours) > 10
    for contour in contours:
        normal, place = places[contour.ContourImageSequence[0].ReferencedSOPInstanceUID]
        points = np.reshape(contour.ContourData, (-1, 3)).astype(float)
        assert np.abs((points - place) @ normal).max() < 1e-3
        assert contour.NumberOfContourPoints == len(points)


def contours_of(dataset):
    return [each for roi in dataset.ROIContourSequence for each in roi.ContourSequence]


def test_references_name_the_series(tmp_path):
    scene = segmented(tmp_path)
    dataset = pydicom.dcmread(written(tmp_path, scene))
    headers = [pydicom.dcmread(file) for file in scene.series.files]
    frame = dataset.ReferencedFrameOfReferenceSequence[0]
    (series,) = frame.RTReferencedStudySequence[0].RTReferencedSeriesSequence
    assert (dataset.StudyInstanceUID, frame.FrameOfReferenceUID) == (STUDY, FRAME_OF_REFERENCE)
    assert frame.RTReferencedStudySequence[0].ReferencedSOPInstanceUID == STUDY
    assert series.SeriesInstanceUID == headers[0].SeriesInstanceUID != dataset.SeriesInstanceUID
    referred = [each.ReferencedSOPInstanceUID for each in series.ContourImageSequence]
    assert referred == [header.SOPInstanceUID for header in headers]
    rois = dataset.StructureSetROISequence
    assert {each.ReferencedFrameOfReferenceUID for each in rois} == {FRAME_OF_REFERENCE}


def test_structures_have_their_names_colours_and_types(tmp_path):
    dataset = pydicom.dcmread(written(tmp_path, segmented(tmp_path)))
    assert [each.ROIName for each in dataset.StructureSetROISequence] == list(PRESENT.values())
    colours = [tuple(each.ROIDisplayColor) for each in dataset.ROIContourSequence]
    assert colours == [STRUCTURES[label - 1].colour for label in PRESENT]
    observed = dataset.RTROIObservationsSequence
    assert [each.RTROIInterpretedType for each in observed] == ["ORGAN", "", "CTV"]
    assert {str(each.ROIInterpreter) for each in observed} == {ORIGIN.interpreter}
    assert (dataset.Manufacturer, dataset.SoftwareVersions) == ("InnerEye's heirs", "Prostate:7")


def test_a_structure_without_voxels_is_left_out_and_told(tmp_path, caplog):
    with caplog.at_level(logging.INFO):
        dataset = pydicom.dcmread(written(tmp_path, segmented(tmp_path)))
    assert [each.ReferencedROINumber for each in dataset.ROIContourSequence] == [1, 2, 4]
    assert "'never there' has no voxels and is left out" in caplog.text


def test_nothing_found_is_a_file_without_structures(tmp_path):
    scene = segmented(tmp_path, labels=np.zeros((3, 4, 5), np.uint8))
    dataset = pydicom.dcmread(written(tmp_path, scene))
    assert len(dataset.ROIContourSequence) == len(dataset.StructureSetROISequence) == 0


def test_filled_holes_are_in_the_contours(tmp_path):
    scene = segmented(tmp_path)
    filling = [replace(each, fill_holes=True) for each in STRUCTURES]
    masks = filled(tmp_path, written(tmp_path, scene, filling))
    assert 0.85 < dice_in_patient(scene.nifti, 1, masks / "femur.nrrd") < 0.98


def test_the_same_content_gives_the_same_bytes_and_other_content_other_numbers(tmp_path):
    scene = segmented(tmp_path)
    first = written(tmp_path, scene).read_bytes()
    assert written(tmp_path, scene).read_bytes() == first
    other = pydicom.dcmread(written(tmp_path, scene, origin=replace(ORIGIN, model_id="Prostate:8")))
    (tmp_path / "first.dcm").write_bytes(first)
    assert other.SOPInstanceUID != pydicom.dcmread(tmp_path / "first.dcm").SOPInstanceUID


def test_the_date_is_that_of_the_study_or_the_one_given(tmp_path):
    scene = segmented(tmp_path)
    assert pydicom.dcmread(written(tmp_path, scene)).StructureSetDate == "20200229"
    given = replace(ORIGIN, written=datetime(2024, 5, 6, 7, 8, 9))
    dataset = pydicom.dcmread(written(tmp_path, scene, origin=given))
    assert (dataset.StructureSetDate, dataset.StructureSetTime) == ("20240506", "070809")


def test_a_segmentation_on_another_grid_is_refused(tmp_path):
    scene = segmented(tmp_path)
    grid = replace(scene.series.geometry, origin_xyz_mm=(0.0, 0.0, 0.0))
    moved = replace(scene, segmentation=Image(scene.segmentation.array, grid))
    with pytest.raises(ValueError, match="the segmentation has origin"):
        written(tmp_path, moved)


def test_more_labels_than_structures_are_refused(tmp_path):
    with pytest.raises(ValueError, match="label 4, but 1 structures"):
        written(tmp_path, segmented(tmp_path), [DicomStructure("femur", (255, 0, 0))])
