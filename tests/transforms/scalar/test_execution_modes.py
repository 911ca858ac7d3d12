"""What a hook may return, and the sentences for what it may not."""

import subprocess
import sys

import pytest

from innereye.errors import ConfigError
from innereye.names import Split
from innereye.transforms.scalar.execution_modes import (
    ModelTransformsPerExecutionMode,
    transforms_of_hook,
)


def test_each_split_has_its_transform():
    modes = ModelTransformsPerExecutionMode(train=abs, test=round)

    assert [modes.of(split) for split in (Split.TRAIN, Split.VAL, Split.TEST)] == [abs, None, round]


def test_all_values_that_are_no_transform_are_named_at_once():
    with pytest.raises(ConfigError) as caught:
        ModelTransformsPerExecutionMode(train="Resize", val=[abs], test=dict)

    message = str(caught.value)
    assert "train: needs a transform" in message and "got 'Resize'" in message
    assert "val: needs a transform" in message
    assert "test: dict is a class; make one of it: dict(...)." in message


def test_a_hook_may_be_left_out():
    modes = transforms_of_hook(None, hook="get_image_transform", model="Lung")

    assert modes == ModelTransformsPerExecutionMode()


@pytest.mark.parametrize(
    ("returned", "came"),
    [
        ([abs], "a list"),
        ([], "a list"),
        (abs, "a builtin_function_or_method"),
        ({"train": abs}, "a dict"),
        (ModelTransformsPerExecutionMode, "<class "),
    ],
)
def test_another_type_is_told_with_model_and_hook(returned, came):
    with pytest.raises(ConfigError) as caught:
        transforms_of_hook(returned, hook="get_image_transform", model="Lung")

    message = str(caught.value)
    assert message.startswith(f"Lung.get_image_transform returned {came}")
    assert "allowed is ModelTransformsPerExecutionMode(train=..., val=..., test=...)" in message


def test_naming_transforms_does_not_need_torch():
    code = (
        "import sys, innereye.transforms.scalar.execution_modes; assert 'torch' not in sys.modules"
    )

    subprocess.run([sys.executable, "-c", code], check=True)
