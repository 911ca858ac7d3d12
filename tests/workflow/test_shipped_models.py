"""Every shipped model can be planned; the seed's examples and the oddest ones train and segment."""

import re
from pathlib import Path

import pandas as pd
import pytest

from innereye.data.phantoms import PhantomSet, make_phantoms
from innereye.errors import ConfigError
from innereye.names import STRUCTURE
from innereye.workflow.load import load_plan
from innereye.workflow.phantoms import phantom_content, phantom_folder
from projects import REPOSITORY, Project
from shipped_values import STATED

EXAMPLES = {
    "extra_code_directory": str(REPOSITORY / "config" / "examples" / "InnerEyeLocal"),
    "model_configs_namespace": "InnerEyeLocal.ML.configs",
}
PLANNED = {
    **{name: {} for name in ("HelloWorld", "MSDHippocampus", "Prostate", "HeadAndNeck")},
    **{name: {} for name in STATED if not name.endswith(("Base", "Paper"))},
    **{name: {"local_dataset": "papers"} for name in STATED if name.endswith("Paper")},
}
RESULT = "outputs/epoch_001/Test/metrics.csv"
# As somebody would state it who only tries the pipeline.
SMALL = {
    "num_epochs": 1,
    "crop_size": "16,32,32",
    "test_crop_size": "32,48,48",
    "inference_stride_size": "32,48,48",
    "max_num_gpus": 0,
    "num_dataload_workers": 0,
}


def workflow_of_all(models: dict[str, dict[str, str]]) -> str:
    """Return a Snakefile that holds a run of each model: one process plans them all."""
    text = ""
    for name, values in models.items():
        config = {"model": name, "outputs_dir": f"of_{name}", **EXAMPLES, **values}
        text += f"module {name}:\n    snakefile: {str(REPOSITORY / 'Snakefile')!r}\n"
        text += f"    config: {config!r}\n\nuse rule * from {name} as {name}_*\n\n"
    targets = ", ".join(f"rules.{name}_all.input" for name in models)
    return f"{text}rule everything:\n    default_target: True\n    input: {targets}\n"


@pytest.mark.slow
def test_every_complete_model_is_planned(tmp_path: Path) -> None:
    (tmp_path / "Snakefile").write_text(workflow_of_all(PLANNED))
    (tmp_path / "empty.yaml").write_text("{}")
    project = Project(tmp_path, pipeline=tmp_path / "Snakefile", config_file="empty.yaml")
    planned = dict(re.findall(r"^(\w+) +(\d+)$", project.succeed("--dry-run"), re.MULTILINE))
    for name in PLANNED:
        counts = [planned[f"{name}_{rule}"] for rule in ("train_model", "segment", "report")]
        assert counts == ["1", "2", "1"]


@pytest.fixture
def examples(tmp_path: Path) -> Project:
    """A working folder whose config names the seed's local directory."""
    lines = [f"{name}: {value}\n" for name, value in EXAMPLES.items()]
    (tmp_path / "mine.yaml").write_text("".join(lines))
    return Project(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("model", ["Prostate", "HeadAndNeck"])
def test_the_seeds_examples_train_on_phantoms_of_their_structures(
    model: str, examples: Project
) -> None:
    values = {"model": model, "local_dataset": "data"}
    examples.succeed("make_phantoms", **values)
    network = {"feature_channels": 4, "num_downsampling_paths": 2}
    examples.succeed(RESULT, restrict_subjects="3,1,2", **values, **network, **SMALL)
    metrics = pd.read_csv(examples.path(RESULT))
    structures = load_plan({**EXAMPLES, **values}, basedir=REPOSITORY, makes=["make_phantoms"])
    assert set(metrics[STRUCTURE]) == set(structures.field("ground_truth_ids"))
    assert len(metrics) == 2 * len(set(metrics[STRUCTURE]))


@pytest.mark.slow
@pytest.mark.parametrize("model", ["BasicModel2Epochs", "PassThroughModel"])
def test_the_models_that_try_the_pipeline_get_through_it(model: str, examples: Project) -> None:
    stated = STATED[model]
    content = PhantomSet(
        image_channels=stated["image_channels"],
        structures=stated["ground_truth_ids"],
        mask_id=stated.get("mask_id"),
    )
    make_phantoms(examples.path("data"), subjects=5, seed=1, size_zyx=(24, 28, 26), content=content)
    # Of 'Basic' each axis of a window loses 28 voxels; the step follows from that.
    sizes = {
        "crop_size": "32,32,32",
        "test_crop_size": "40,40,40",
        "inference_stride_size": "12,12,12",
    }
    examples.succeed(RESULT, model=model, local_dataset="data", **{**SMALL, **sizes})
    metrics = pd.read_csv(examples.path(RESULT))
    assert set(metrics[STRUCTURE]) == set(stated["ground_truth_ids"])


def test_phantoms_hold_what_the_model_sees_and_finds() -> None:
    plan = load_plan({"model": "Hippocampus"}, basedir=REPOSITORY, makes=["make_phantoms"])
    assert phantom_folder(plan) == "datasets/Hippocampus"
    assert phantom_content(plan) == {
        "image_channels": ["mri"],
        "structures": ["hippocampus_L", "hippocampus_R"],
        "mask_id": None,
        "group_column": "groupID",
    }


def test_phantoms_never_replace_a_data_set(tmp_path: Path) -> None:
    config = {"model": "Lung", "local_dataset": str(tmp_path)}
    load_plan(config, basedir=REPOSITORY, makes=["make_phantoms"])
    (tmp_path / "dataset.csv").touch()
    with pytest.raises(ConfigError, match="not one of phantoms"):
        load_plan(config, basedir=REPOSITORY, makes=["make_phantoms"])
    (tmp_path / "make_phantoms.log").touch()
    load_plan(config, basedir=REPOSITORY, makes=["make_phantoms"])
