"""Laws that hold for each field, whichever there are: refused, accepted, carried, read, described."""

import ast
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.configs.catalogue import all_keys
from innereye.configs.fields.dataset import NameFields
from innereye.configs.fields.evaluation import BaselineFields, ReportFields, WorkflowFields
from innereye.configs.fields.existing_model import ExistingModelFields
from innereye.configs.fields.machine import MachineFields
from innereye.configs.fields.structures import ContourFields
from innereye.configs.left_out_fields import LEFT_OUT
from innereye.configs.load import load_model, load_run_settings
from innereye.configs.model_config import ConfigFaultsError
from innereye.configs.run_settings import RunSettings
from innereye.configs.schema import schema_text
from innereye.configs.segmentation.HelloWorld import HelloWorld
from innereye.configs.segmentation.ProstateBase import ProstateBase
from innereye.configs.segmentation.RecommendedSegmentationBase import RecommendedSegmentationBase
from innereye.configs.segmentation.SegmentationModelBase import SegmentationModelBase
from innereye.workflow.stages import STAGES

FIELDS = sorted(SegmentationModelBase.model_fields)
KEYS = sorted(RunSettings.model_fields)
TEXT = {"type": ["string", "number"]}
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
JUNK = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.tuples(inner, inner), max_leaves=6)
STAGE_CLASSES = sorted({stage for stage, _ in STAGES.values()}, key=lambda stage: stage.__name__)
# What happens before a job starts: which jobs there are, how a data set is called and divided.
OF_THE_WORKFLOW = (WorkflowFields, ExistingModelFields, NameFields, BaselineFields, ReportFields)
# Fields of those who write DICOM.
OF_CONTOURS = (ContourFields,)
# Fields that are checked and recorded, and wait for somebody to read them.
NOT_READ_YET: frozenset[str] = frozenset()
BEFORE_ANY_JOB = "Split"  # groups of this name divide the data set while the Snakefile is read


@cache
def schema() -> dict[str, Any]:
    """Return what the schema says of each key."""
    return json.loads(schema_text())["properties"]


def schema_of(name: str) -> list[dict[str, Any]]:
    """Return the ways in which a field may be written, as the schema has them."""
    return [form for form in schema()[name]["anyOf"] if form != {"type": "null"}]


def bad_values(name: str) -> list[Any]:
    """Return values that no reading can make right, by what the schema says of a field."""
    never = [{"a": 1}, [{"a": 1}], object]
    forms = schema_of(name)
    if forms == [TEXT]:
        return [*never, ["a", "b"], True]
    lists = [form for form in forms if form.get("type") == "array"]
    if not lists:
        return never + bad_scalars(forms[0])
    of_yes = "$ref" in str(lists)
    sizes = [form for form in lists if "maxItems" in form]
    wrong_size = [["1"] * (size["maxItems"] + 1) for size in sizes]
    return [*never, *wrong_size, [[[["a"]]]], *([] if of_yes else [True])]


def bad_scalars(form: dict[str, Any]) -> list[Any]:
    """Return what is no yes or no, no choice, or no number within its bounds."""
    wrong: list[Any] = ["qxz", "~~~", [2, 3], "[1"]
    if form.get("type") not in ("integer", "number"):
        return [*wrong, 2, -1, 0.5]
    wrong += [True, False, float("nan"), float("inf"), "inf", "1,2"]
    wrong += [0.5] if form["type"] == "integer" else []
    step = 1 if form["type"] == "integer" else 1e-6
    wrong += [form["minimum"] - step] if "minimum" in form else []
    wrong += [form["maximum"] + step] if "maximum" in form else []
    wrong += [form[bound] for bound in ("exclusiveMinimum", "exclusiveMaximum") if bound in form]
    return wrong


@pytest.mark.parametrize("name", FIELDS)
def test_a_bad_value_is_refused_with_a_sentence_that_names_the_field(name: str) -> None:
    for value in bad_values(name):
        faults = HelloWorld.override_faults({name: value})
        assert len(faults) == 1, value
        assert faults[0].startswith(f"HelloWorld.{name} needs ")
        assert "; got " in faults[0]


@pytest.mark.parametrize("name", sorted({*KEYS} - {"model"}))
def test_a_bad_value_of_a_key_of_the_run_is_refused(name: str) -> None:
    for value in bad_values(name):
        _, faults = load_run_settings({"model": "HelloWorld", name: value})
        assert len(faults) == 1, value
        assert faults[0].startswith(f"{name} needs ")


@given(name=st.sampled_from(FIELDS), value=JUNK)
def test_junk_is_refused_or_read_but_never_a_failure_of_ours(name: str, value: Any) -> None:
    for fault in HelloWorld.override_faults({name: value}):
        assert fault.startswith(f"HelloWorld.{name} needs ")


def test_a_folder_that_is_none_is_refused() -> None:
    _, faults = load_run_settings({"model": "HelloWorld", "outputs_dir": "/"})
    assert faults == [
        "outputs_dir needs the path of a folder other than /, without braces; got '/'."
    ]


@pytest.mark.parametrize(
    "model", [SegmentationModelBase, RecommendedSegmentationBase, ProstateBase, HelloWorld]
)
def test_the_value_that_a_class_states_is_one_that_a_user_may_type(model: type) -> None:
    stated = model().plain(set(FIELDS))
    assert model.override_faults(stated) == []
    assert model().override(stated).plain(set(FIELDS)) == stated


@pytest.mark.parametrize("name", FIELDS)
def test_a_default_survives_being_typed(name: str) -> None:
    default = HelloWorld().plain({name})[name]
    typed = as_typed(default)
    assert HelloWorld.override_faults({name: typed}) == []
    assert HelloWorld().override({name: typed}).plain({name})[name] == default


def as_typed(value: Any) -> Any:
    """Return a value as text behind `--config`, as Snakemake hands over what it does not know."""
    return json.dumps(value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("stage", STAGE_CLASSES)
def test_fields_survive_the_way_into_a_job(stage: type) -> None:
    whole = load_model(HelloWorld, {})
    plain = {**whole.settings(stage), **whole.plain(set(stage.model_fields))}
    settings_of_job = stage(**json.loads(json.dumps(plain)))
    for name in stage.model_fields:
        assert getattr(settings_of_job, name) == getattr(whole, name), name


def test_each_sentence_is_one() -> None:
    wrong = [
        key.name
        for key in all_keys()
        if not re.fullmatch(r"[A-Z0-9'\"].*[.?]", key.sentence) or len(key.sentence) < 10
    ]
    assert wrong == []


def test_each_key_says_its_form() -> None:
    assert [key.name for key in all_keys() if not key.form] == []


def test_each_field_belongs_to_a_stage_or_to_the_workflow() -> None:
    known = {name for stage in STAGE_CLASSES for name in stage.model_fields}
    known |= {name for group in OF_THE_WORKFLOW + OF_CONTOURS for name in group.model_fields}
    known |= set(MachineFields.model_fields)
    for kind in SegmentationModelBase.__mro__:
        if kind.__name__.startswith(BEFORE_ANY_JOB):
            known |= set(getattr(kind, "model_fields", {}))
    assert set(FIELDS) - known == set()


@pytest.fixture(scope="module")
def words(repository: Path) -> set[str]:
    """Return all names and words of the library that are no statement of a field, and of the rules."""
    stating = ("configs/fields", "configs/segmentation", "configs/left_out_fields.py")
    library = repository / "scripts" / "innereye"
    found: set[str] = set()
    for file in library.rglob("*.py"):
        if not file.relative_to(library).as_posix().startswith(stating):
            found |= words_of(ast.parse(file.read_text(encoding="utf-8")))
    for file in [*(repository / "rules").glob("*.smk"), *(repository / "scripts").glob("*.py")]:
        found |= set(re.findall(r"\w+", file.read_text(encoding="utf-8")))
    splits = ("train", "val", "test")
    return found | {word.replace("{}", each) for word in found if "{}" in word for each in splits}


def words_of(tree: ast.AST) -> set[str]:
    """Return names, attributes, parameters, and texts that look like a name, of code."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.arg | ast.keyword):
            found.add(node.arg or "")
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {node.value} if re.fullmatch(r"[\w{}]+", node.value) else set()
    return found


def test_each_field_is_read_somewhere(words: set[str]) -> None:
    assert [name for name in FIELDS if name not in words | NOT_READ_YET] == []


def test_no_excuse_outlives_its_reason(words: set[str]) -> None:
    assert [name for name in NOT_READ_YET if name in words or name not in FIELDS] == []


@pytest.mark.parametrize("name", sorted(LEFT_OUT))
def test_a_field_that_is_left_out_says_what_to_use_instead(name: str) -> None:
    assert name not in FIELDS
    assert name not in KEYS
    with pytest.raises(ConfigFaultsError) as error:
        load_model(HelloWorld, {name: 1})
    assert error.value.faults == [f"HelloWorld: {LEFT_OUT[name]}"]
    assert LEFT_OUT[name].startswith(f"'{name}' ")
    assert LEFT_OUT[name].endswith(".")


def test_a_class_that_states_a_field_that_is_left_out_gets_the_same_sentence() -> None:
    with pytest.raises(ConfigFaultsError, match="'use_model_parallel' is left out"):
        HelloWorld(use_model_parallel=True)


def test_left_out_fields_name_others_that_exist() -> None:
    named = {word for text in LEFT_OUT.values() for word in re.findall(r"\b[a-z]+_[a-z_]+\b", text)}
    known = {*FIELDS, *KEYS, *LEFT_OUT, "final_model", "get_model_train_test_dataset_splits"}
    assert named - known - {"normalize_and_visualize_dataset", "patch_sampling"} == set()
