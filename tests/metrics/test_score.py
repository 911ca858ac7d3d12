"""A split: stored segmentations against true masks, and every way in which they do not fit."""

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from innereye.errors import ConfigError, DatasetError, ImageError
from innereye.io.image import Geometry, read_image, write_image
from innereye.metrics.metrics_csv import write_metrics
from innereye.metrics.score import score
from innereye.names import subject_folder
from innereye.provenance.files import sha256_of

SHAPE = (5, 8, 9)
GEOMETRY = Geometry(size_zyx=SHAPE, spacing_zyx_mm=(3.0, 1.0, 1.0))
STRUCTURES = ["liver", "spleen"]


@dataclass(frozen=True)
class Settings:
    local_dataset: Path | None
    ground_truth_ids: list[str]
    surface_dice_tolerance_mm: float = 1.0
    allow_incomplete_labels: bool = False
    extra_local_dataset_paths: tuple[Path, ...] = ()


@dataclass
class Run:
    """A scored split on disk."""

    folder: Path
    subjects: tuple[str, ...] = ("1", "2", "10")

    @property
    def arguments(self):
        return {
            "segmentations_csv": self.folder / "Val" / "segmentations.csv",
            "split_csv": self.folder / "val_dataset.csv",
            "settings": Settings(self.folder / "data", STRUCTURES),
        }

    def mask(self, subject, structure):
        return self.folder / "data" / subject / f"{structure}.nii.gz"

    def segmentation(self, subject):
        return self.folder / "Val" / subject_folder(subject) / "segmentation.nii.gz"

    def list_volumes(self):
        lines = ["subject,file,sha256,size_zyx,spacing_zyx_mm"]
        for subject in self.subjects:
            path = self.segmentation(subject)
            file = path.relative_to(self.folder / "Val").as_posix()
            lines.append(f'{subject},{file},{sha256_of(path)},"5,8,9","3.0,1.0,1.0"')
            lines.append(f'{subject},{Path(file).parent}/uncertainty.nii.gz,0,"5,8,9","3,1,1"')
        (self.folder / "Val" / "segmentations.csv").write_text("\n".join(lines) + "\n")


def block(*bounds):
    mask = np.zeros(SHAPE, np.uint8)
    mask[tuple(slice(*bound) for bound in bounds)] = 1
    return mask


@pytest.fixture
def run(tmp_path):
    """Three subjects: subject 1 perfect, subject 2 liver moved by one voxel, subject 10 spleen missed."""
    made = Run(tmp_path)
    liver, spleen = block((1, 4), (1, 5), (1, 4)), block((1, 4), (1, 5), (5, 8))
    lines = ["subject,filePath,channel"]
    for subject in made.subjects:
        predicted = liver + 2 * spleen
        if subject == "2":
            predicted = np.roll(liver, 1, axis=1) + 2 * spleen
        if subject == "10":
            predicted = liver
        write_image(made.segmentation(subject), predicted, GEOMETRY)
        lines.append(f"{subject},{subject}/ct.nii.gz,ct")
        for structure, mask in zip(STRUCTURES, (liver, spleen), strict=True):
            write_image(made.mask(subject, structure), mask, GEOMETRY)
            lines.append(f"{subject},{subject}/{structure}.nii.gz,{structure}")
    (tmp_path / "val_dataset.csv").write_text("\n".join(lines) + "\n")
    made.list_volumes()
    return made


def test_a_split_is_scored_from_its_files(run, tmp_path):
    metrics, surface = score(**run.arguments)
    write_metrics(tmp_path / "metrics.csv", metrics)
    rows = [line.split(",")[:4] for line in (tmp_path / "metrics.csv").read_text().splitlines()]
    assert rows[1:] == [
        ["2", "liver", "0.750", "1.000"],
        ["1", "liver", "1.000", "0.000"],
        ["10", "liver", "1.000", "0.000"],
        ["10", "spleen", "0.000", "inf"],
        ["1", "spleen", "1.000", "0.000"],
        ["2", "spleen", "1.000", "0.000"],
    ]
    assert surface["Patient"].tolist()[3:] == ["10", "1", "2"]
    assert surface["NormalizedSurfaceDice"].tolist() == [1, 1, 1, 0, 1, 1]


@pytest.mark.parametrize("subjects", ["all", "one"])  # one: its structures are divided
def test_the_number_of_processes_does_not_matter(run, subjects):
    if subjects == "one":
        lines = run.arguments["split_csv"].read_text().splitlines()
        run.arguments["split_csv"].write_text("\n".join(lines[:4]) + "\n")
    alone, together = score(**run.arguments), score(**run.arguments, num_processes=2)
    assert all(ours.equals(theirs) for ours, theirs in zip(alone, together, strict=True))
    assert len(alone[0]) == (2 if subjects == "one" else 6)


def test_the_tolerance_comes_from_the_settings(run):
    arguments = run.arguments
    arguments["settings"] = dataclasses.replace(
        arguments["settings"], surface_dice_tolerance_mm=0.5
    )
    surface = score(**arguments)[1].set_index(["Patient", "Structure"])
    assert surface["NormalizedSurfaceDice"][("2", "liver")] < 1


def test_missing_and_changed_volumes_are_all_named(run):
    run.segmentation("1").unlink()
    write_image(run.segmentation("10"), block((0, 1), (0, 1), (0, 1)), GEOMETRY)
    with pytest.raises(ImageError) as error:
        score(**run.arguments)
    assert "subject 1: " in str(error.value)
    assert "is missing" in str(error.value)
    assert "subject 10: " in str(error.value)
    assert "has changed" in str(error.value)
    assert "subject 2" not in str(error.value)


def test_a_subject_that_was_not_segmented_is_named(run):
    run.subjects = ("1", "2")
    run.list_volumes()
    with pytest.raises(ImageError, match=r"subject 10: segmentation\.nii\.gz is not listed"):
        score(**run.arguments)


def test_a_manifest_without_its_columns_is_refused(run):
    run.arguments["segmentations_csv"].write_text("subject,file\n1,x\n")
    with pytest.raises(ImageError, match="the columns sha256 are missing"):
        score(**run.arguments)


def test_all_missing_masks_are_named(run):
    run.mask("1", "liver").unlink()
    text = run.arguments["split_csv"].read_text()
    run.arguments["split_csv"].write_text(text.replace("2,2/spleen.nii.gz,spleen\n", "", 1))
    with pytest.raises(DatasetError) as error:
        score(**run.arguments)
    assert "liver.nii.gz does not exist" in str(error.value)
    assert "subject 2: the row of the mask 'spleen' is missing" in str(error.value)


def test_all_volumes_that_do_not_fit_are_named(run):
    write_image(run.mask("1", "liver"), 2 * block((0, 1), (0, 1), (0, 1)), GEOMETRY)
    wrong = dataclasses.replace(GEOMETRY, spacing_zyx_mm=(3.0, 2.0, 1.0))
    write_image(run.mask("2", "spleen"), block((0, 1), (0, 1), (0, 1)), wrong)
    with pytest.raises(ImageError) as error:
        score(**run.arguments)
    assert "subject 1, 'liver'" in str(error.value)
    assert "is not binary" in str(error.value)
    assert "subject 2, 'spleen'" in str(error.value)
    assert "spacing" in str(error.value)


def test_a_label_without_a_structure_is_refused(run):
    write_image(run.segmentation("2"), np.full(SHAPE, 3, np.uint8), GEOMETRY)
    run.list_volumes()
    with pytest.raises(ImageError, match="holds the label 3; the model has 2 structures"):
        score(**run.arguments)


def test_a_data_set_without_a_folder_is_refused(run):
    arguments = run.arguments | {"settings": Settings(None, STRUCTURES)}
    with pytest.raises(ConfigError, match="local_dataset is not set"):
        score(**arguments)


def test_a_structure_without_a_truth_scores_nothing(run):
    split_csv = run.arguments["split_csv"]
    lines = split_csv.read_text().splitlines()
    kept = [line for line in lines if not (line.startswith("2,") and line.endswith("spleen"))]
    split_csv.write_text("\n".join(kept) + "\n")
    assert len(kept) == len(lines) - 1
    incomplete = dataclasses.replace(run.arguments["settings"], allow_incomplete_labels=True)
    metrics, surface = score(**run.arguments | {"settings": incomplete})
    for table in (metrics, surface):
        row = table[(table["Patient"] == "2") & (table["Structure"] == "spleen")]
        assert len(table) == 6
        assert row.iloc[0, 2:].isna().all()


def test_truth_in_other_formats_scores_the_same(run):
    expected, _ = score(**run.arguments)
    for subject in run.subjects:
        path = run.mask(subject, "liver")
        np.save(path.with_name("liver.npy"), read_image(path, None).array)
    split_csv = run.arguments["split_csv"]
    split_csv.write_text(split_csv.read_text().replace("liver.nii.gz", "liver.npy"))
    metrics, _ = score(**run.arguments)
    assert metrics.equals(expected)
