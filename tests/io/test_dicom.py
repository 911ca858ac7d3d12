"""A DICOM series reads as the volume that it was, whatever the names and the orientation of its slices."""

import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pydicom
import pytest
import SimpleITK as sitk
from pydicom.encaps import encapsulate
from pydicom.uid import MPEG4HP41, EnhancedCTImageStorage, JPEGLSLossless, RLELossless

from dicom_series import ORIENTATIONS, write_series, zipped
from innereye.errors import ImageError
from innereye.io.archives import unpack
from innereye.io.dicom import find_series, read_voxels
from innereye.io.image import Geometry, read_geometry, read_image, write_image

SIZE = (5, 6, 7)


def grid(direction=ORIENTATIONS["axial"]):
    return Geometry(SIZE, (2.5, 0.75, 0.5), (-20.0, 30.5, -100.25), direction)


def voxels():
    return np.random.default_rng(5).integers(-900, 1500, SIZE).astype(np.int16)


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_a_series_is_the_volume_of_its_nifti_file(tmp_path, name):
    array, geometry = voxels(), grid(ORIENTATIONS[name])
    write_image(tmp_path / "a.nii.gz", array, geometry)
    write_series(tmp_path / "series", array, geometry)
    read, expected = read_image(tmp_path / "series", None), read_image(tmp_path / "a.nii.gz", None)
    assert np.array_equal(read.array, expected.array)
    assert read.geometry.differences(expected.geometry) == []
    assert read_geometry(tmp_path / "series") == read.geometry


def test_geometry_is_that_of_simpleitk(tmp_path):
    folder = write_series(tmp_path / "series", voxels(), grid(ORIENTATIONS["sagittal"]))
    files = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
    theirs = sitk.ReadImage(files)
    ours = read_image(folder)
    assert np.array_equal(ours.array, sitk.GetArrayFromImage(theirs))
    spacing, origin = theirs.GetSpacing(), theirs.GetOrigin()
    direction = theirs.GetDirection()
    assert ours.geometry.differences(Geometry(SIZE, spacing[::-1], origin, direction)) == []


def test_slope_and_intercept_are_applied(tmp_path):
    units = voxels() // 2 * 2
    write_series(tmp_path / "series", units, grid(), slope=2, intercept=-1024)
    assert np.array_equal(read_image(tmp_path / "series", None).array, units)


def test_a_slope_for_each_slice_rounds_no_voxel(tmp_path):
    units = voxels().astype(np.float32)
    units[1:] += 0.5
    first = write_series(tmp_path / "series", voxels()[:1], grid(), places=[0])
    stored_as = {"0028|0100": "16", "0028|0101": "16", "0028|0102": "15", "0028|0103": "1"}
    write_series(
        tmp_path / "rest", units[1:], grid(), slope=0.5, places=[1, 2, 3, 4], tags=stored_as
    )
    for number, file in enumerate(sorted((tmp_path / "rest").iterdir())):
        shutil.copy(file, first / f"rest_{number}.dcm")
    assert np.array_equal(read_image(first, None).array, units)


def test_a_zip_of_a_folder_reads_as_the_folder(tmp_path):
    folder = write_series(tmp_path / "series", voxels(), grid())
    path = zipped(folder, tmp_path / "scan.zip")
    read, expected = read_image(path, None), read_image(folder, None)
    assert np.array_equal(read.array, expected.array)
    assert read.geometry == expected.geometry == read_geometry(path)


def test_other_files_beside_the_slices_do_no_harm(tmp_path):
    folder = write_series(tmp_path / "series", voxels(), grid())
    (folder / "LICENSE").write_text("free")
    (folder / ".hidden.dcm").write_text("no slice")
    (folder / "more").mkdir()
    assert read_geometry(folder).size_zyx == SIZE


def test_places_of_two_decimals_are_even_enough(tmp_path):
    places = [0, 1.003, 1.998, 3.002, 4]
    write_series(tmp_path / "series", voxels(), grid(), places=places)
    assert np.allclose(read_geometry(tmp_path / "series").spacing_zyx_mm, (2.5, 0.75, 0.5))


def missing_slice(folder):
    write_series(folder, voxels(), grid(), places=[0, 1, 2, 4, 5])


def missing_last_but_one(folder):
    write_series(folder, voxels(), grid(), places=[0, 1, 2, 3, 5])


def repeated_slice(folder):
    write_series(folder, voxels(), grid(), places=[0, 1, 1, 2, 3])


def two_series(folder):
    write_series(folder, voxels(), grid())
    write_series(folder, voxels()[:2], grid(), series="9.8.7")


def tilted_gantry(folder):
    write_series(folder, voxels(), grid(), shift_mm=(0.0, 0.2, 0.0))


def other_size(folder):
    write_series(folder, voxels(), grid())
    write_series(folder / "x", voxels()[:1, :5], grid(), places=[5])
    shutil.move(next((folder / "x").iterdir()), folder / "x.dcm")


def turned_slice(folder):
    write_series(folder, voxels(), grid())
    write_series(folder / "x", voxels()[:1], grid(ORIENTATIONS["coronal"]))
    shutil.move(next((folder / "x").iterdir()), folder / "x.dcm")


def truncated_slice(folder):
    write_series(folder, voxels(), grid())
    file = min(folder.iterdir())
    file.write_bytes(file.read_bytes()[:-20])


def damaged_header(folder):
    write_series(folder, voxels(), grid())
    min(folder.iterdir()).write_bytes(bytes(128) + b"DICM" + b"words" * 9)


def no_slices(folder):
    folder.mkdir()
    (folder / "notes.txt").write_text("nothing here")


def one_slice(folder):
    write_series(folder, voxels()[:1], grid())


@pytest.mark.parametrize(
    ("write", "phrase"),
    [
        (missing_slice, r"uneven gaps between its slices, from 2\.5 to 5 mm; a slice is missing"),
        (missing_last_but_one, "uneven gaps"),
        (repeated_slice, "two slices at the same place: 041_1.2.3.dcm and 082_1.2.3.dcm"),
        (two_series, r"2 series: 1\.2\.3 \(series 1\.2\.3, 5 slices\); 9\.8\.7 .*, 2 slices\)"),
        (tilted_gantry, "lie askew, by up to 0.8 mm"),
        (other_size, r"slices of \(7, 6\) and of \(7, 5\) pixels"),
        (turned_slice, "not parallel"),
        (truncated_slice, "000_1.2.3.dcm cannot be read as a slice: it is truncated"),
        (damaged_header, "000_1.2.3.dcm cannot be read as a slice"),
        (no_slices, "no DICOM slices, 1 other files"),
        (one_slice, "one slice, which does not say how thick"),
    ],
)
def test_what_is_no_volume_says_why(tmp_path, write, phrase):
    write(tmp_path / "series")
    with pytest.raises(ImageError, match=phrase):
        read_image(tmp_path / "series")


def test_one_slice_is_as_thick_as_it_says(tmp_path):
    write_series(tmp_path / "series", voxels()[:1], grid(), tags={"0018|0050": "4"})
    assert read_geometry(tmp_path / "series").spacing_zyx_mm == (4.0, 0.75, 0.5)


def test_a_truncated_zip_is_refused(tmp_path):
    path = zipped(write_series(tmp_path / "series", voxels(), grid()), tmp_path / "scan.zip")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ImageError, match=r"scan\.zip is no archive, or is truncated"):
        read_image(path)


def deep_zip(folder, path):
    """A zip as a hospital exports it: folders, a table of contents, a note, what macOS adds."""
    with zipfile.ZipFile(path, "w") as archive:
        for number, file in enumerate(sorted(folder.iterdir())):
            archive.write(file, f"export/patient/disc{number % 2}/{number // 2}")
        archive.writestr("export/README", "words")
        archive.writestr("export/DICOMDIR", b"\0" * 128 + b"DICM")
        archive.writestr("__MACOSX/export/._1.dcm", "no slice")
    return path


@pytest.mark.parametrize("name", ORIENTATIONS)
def test_files_of_a_series_are_in_the_order_of_the_volume(tmp_path, name):
    array, geometry = voxels(), grid(ORIENTATIONS[name])
    folder = write_series(tmp_path / "series", array, geometry)
    series = find_series(folder, tmp_path / "unused")
    slices = [sitk.GetArrayFromImage(sitk.ReadImage(str(file)))[0] for file in series.files]
    assert np.array_equal(np.stack(slices), array)
    assert series.geometry.differences(geometry) == []
    assert not (tmp_path / "unused").exists()


def test_a_series_that_was_scanned_backwards_is_the_same_volume(tmp_path):
    array = voxels()
    write_series(tmp_path / "down", array[::-1], grid(), places=[4, 3, 2, 1, 0])
    image = read_voxels(find_series(tmp_path / "down", tmp_path / "unused"))
    assert np.array_equal(image.array, array)
    assert image.geometry.differences(grid()) == []


def test_a_zip_with_folders_and_other_files_is_its_series(tmp_path):
    folder = write_series(tmp_path / "series", voxels(), grid())
    series = find_series(deep_zip(folder, tmp_path / "scan.zip"), tmp_path / "unpacked")
    assert np.array_equal(read_voxels(series).array, voxels())
    assert all(tmp_path / "unpacked" in file.parents for file in series.files)


def test_a_folder_with_folders_is_its_series(tmp_path):
    folder = write_series(tmp_path / "series", voxels(), grid())
    unpack(deep_zip(folder, tmp_path / "scan.zip"), tmp_path / "unpacked")
    series = find_series(tmp_path / "unpacked", tmp_path / "unused")
    assert np.array_equal(read_voxels(series).array, voxels())


def test_two_series_in_a_zip_are_listed(tmp_path):
    two_series(tmp_path / "series")
    path = zipped(tmp_path / "series", tmp_path / "scan.zip")
    with pytest.raises(ImageError, match=r"scan\.zip has 2 series: 1\.2\.3 .*; 9\.8\.7"):
        find_series(path, tmp_path / "unpacked")


def changed(folder, change):
    """Change the first slice by pydicom."""
    file = min(folder.iterdir())
    dataset = pydicom.dcmread(file)
    change(dataset)
    dataset.save_as(file)
    return folder


def several_frames(dataset):
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = EnhancedCTImageStorage
    dataset.NumberOfFrames = 2
    dataset.PixelData *= 2


def as_video(dataset):
    dataset.file_meta.TransferSyntaxUID = MPEG4HP41
    dataset.PixelData = encapsulate([b"video"])
    dataset["PixelData"].is_undefined_length = True


def test_several_frames_in_a_file_are_refused(tmp_path):
    folder = changed(write_series(tmp_path / "series", voxels(), grid()), several_frames)
    with pytest.raises(
        ImageError, match=r"several frames in 000_1\.2\.3\.dcm; a file for each slice"
    ):
        find_series(folder, tmp_path / "unused")


def test_a_compression_that_cannot_be_read_is_named(tmp_path):
    folder = changed(write_series(tmp_path / "series", voxels(), grid()), as_video)
    with pytest.raises(ImageError, match=r"its compression \(MPEG-4.*decompress the series first"):
        read_voxels(find_series(folder, tmp_path / "unused"))


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless])
def test_usual_compression_changes_no_voxel(tmp_path, syntax):
    # Noise of so few pixels becomes longer by RLE, which GDCM takes for damage.
    smooth = np.arange(np.prod(SIZE), dtype=np.int16).reshape(SIZE)
    folder = write_series(tmp_path / "series", smooth, grid())
    changed(folder, lambda dataset: dataset.compress(syntax, generate_instance_uid=False))
    assert np.array_equal(read_image(folder, None).array, smooth)


def test_reading_images_does_not_wait_for_libraries_that_write_dicom():
    code = "import sys, innereye.io.image; print({'pydicom', 'highdicom'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
