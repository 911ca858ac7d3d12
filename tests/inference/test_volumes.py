"""Are the volumes of a subject complete, in place, and what the manifest says?"""

import threading

import numpy as np
import pytest

from innereye.errors import ConfigError
from innereye.inference import volumes
from innereye.inference.volumes import Result, Room, VolumeWriter, volumes_of
from innereye.io.image import Geometry, read_image
from innereye.provenance.files import sha256_of

NAMES = ["background", "liver", "spleen"]
GEOMETRY = Geometry(
    (3, 4, 5), (3.0, 1.25, 0.9765625), (10.0, -20.0, 30.0), (-1.0, 0, 0, 0, -1.0, 0, 0, 0, 1.0)
)


def result_of(subject, seed=0):
    draw = np.random.default_rng(seed)
    return Result(
        subject,
        GEOMETRY,
        draw.integers(0, 3, GEOMETRY.size_zyx).astype(np.uint8),
        draw.integers(0, 256, (3, *GEOMETRY.size_zyx)).astype(np.uint8),
        draw.integers(0, 256, GEOMETRY.size_zyx).astype(np.uint8),
    )


def write(folder, subjects, threads=2):
    with VolumeWriter(folder, NAMES, threads=threads) as writer:
        for number, subject in enumerate(subjects):
            writer.write(result_of(subject, number))
        return writer.rows()


def test_a_subject_gets_all_its_volumes_in_its_folder(tmp_path):
    write(tmp_path, ["7"])
    assert sorted(path.name for path in (tmp_path / "007").iterdir()) == [
        "background.nii.gz",
        "liver.nii.gz",
        "posterior_background.nii.gz",
        "posterior_liver.nii.gz",
        "posterior_spleen.nii.gz",
        "segmentation.nii.gz",
        "spleen.nii.gz",
        "uncertainty.nii.gz",
    ]


def test_volumes_hold_the_result_in_the_geometry_of_the_input(tmp_path):
    write(tmp_path, ["7"])
    result = result_of("7")
    expected = {"segmentation": result.segmentation, "uncertainty": result.uncertainty}
    for index, name in enumerate(NAMES):
        expected[f"posterior_{name}"] = result.posteriors[index]
        expected[name] = result.segmentation == index
    for name, voxels in expected.items():
        image = read_image(tmp_path / "007" / f"{name}.nii.gz", None)
        assert image.array.dtype == np.uint8
        assert image.geometry.differences(GEOMETRY) == []
        np.testing.assert_array_equal(image.array, voxels)


def test_masks_divide_the_image_among_the_classes(tmp_path):
    made = volumes_of(result_of("7"), NAMES)
    assert (sum(made[f"{name}.nii.gz"]() for name in NAMES) == 1).all()


def test_the_manifest_has_a_row_for_each_volume(tmp_path):
    rows = write(tmp_path, ["7", "ab c"])
    assert len(rows) == 16
    assert {row["size_zyx"] for row in rows} == {"3,4,5"}
    assert {row["spacing_zyx_mm"] for row in rows} == {"3,1.25,0.9765625"}
    assert {(row["subject"], row["file"].split("/")[0]) for row in rows} == {
        ("7", "007"),
        ("ab c", "ab_c"),
    }
    for row in rows:
        assert sha256_of(tmp_path / row["file"]) == row["sha256"]


def test_the_number_of_threads_changes_no_byte(tmp_path):
    subjects = ["1", "2", "3", "4"]
    assert write(tmp_path / "a", subjects, 1) == write(tmp_path / "b", subjects, 5)


def test_no_more_subjects_wait_than_the_memory_allows(tmp_path, monkeypatch):
    gate, written = threading.Event(), []
    monkeypatch.setattr(volumes, "write_image", lambda path, *_: (gate.wait(5), path.touch()))
    monkeypatch.setattr(volumes, "sha256_of", lambda path: "")
    with VolumeWriter(tmp_path, NAMES, threads=1) as writer:
        for subject in ("1", "2", "3", "4"):
            (tmp_path / f"00{subject}").mkdir()
        thread = threading.Thread(
            target=lambda: [written.append(writer.write(result_of(s))) for s in "1234"]
        )
        thread.start()
        thread.join(0.3)
        assert len(written) == volumes.SUBJECTS_IN_FLIGHT
        gate.set()
        thread.join(10)
        assert len(written) == 4


def test_an_error_of_a_thread_reaches_the_caller(tmp_path):
    (tmp_path / "007").write_text("a file where the folder should be")
    with VolumeWriter(tmp_path, NAMES, threads=2) as writer:
        writer.write(result_of("7"))
        with pytest.raises(OSError, match="007"):
            writer.rows()


@pytest.mark.parametrize("name", ["segmentation", "uncertainty", "posterior_background"])
def test_a_structure_cannot_take_the_file_of_another_volume(name):
    with pytest.raises(ConfigError, match=f"need a file twice: {name}.nii.gz"):
        volumes_of(result_of("7"), ["background", name, "spleen"])


def test_no_more_memory_is_written_from_than_there_is_room():
    room, held, most = Room(100), [], []

    def write(size):
        with room.taken(size):
            held.append(size)
            most.append(sum(held))
            threading.Event().wait(0.005)
            held.remove(size)

    threads = [threading.Thread(target=write, args=(size,)) for size in (60, 30, 60, 300, 30, 60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(most) == 6
    assert max(most) == 300  # one that exceeds the room is alone
    assert all(total <= 100 for total in most if total != 300)
