"""Learning rates over the epochs."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.errors import ConfigError
from innereye.names import LRScheduler
from innereye.training.schedule import learning_rate

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"

# The original's defaults.
FIELDS: dict[str, Any] = {
    "num_epochs": 10,
    "l_rate": 1e-3,
    "min_l_rate": 1e-5,
    "l_rate_scheduler": "Polynomial",
    "l_rate_exponential_gamma": 0.9,
    "l_rate_step_gamma": 0.1,
    "l_rate_step_step_size": 50,
    "l_rate_multi_step_gamma": 0.1,
    "l_rate_multi_step_milestones": None,
    "l_rate_polynomial_gamma": 0.9,
    "l_rate_warmup": "NoWarmUp",
    "l_rate_warmup_epochs": 0,
}


def rates(epochs: int = 10, **changes: Any) -> list[float]:
    return [learning_rate(epoch, **{**FIELDS, **changes}) for epoch in range(epochs)]


def linear_warmup(epochs: int) -> dict[str, Any]:
    return {"l_rate_warmup": "Linear", "l_rate_warmup_epochs": epochs}


def test_polynomial_decay():
    expected = [1e-3, 9.104e-4, 8.199e-4, 7.282e-4, 6.351e-4]
    expected += [5.405e-4, 4.440e-4, 3.450e-4, 2.426e-4, 1.346e-4]

    assert rates() == pytest.approx(expected, abs=5.1e-8)


def test_polynomial_decay_after_warmup():
    expected = [2e-4, 4e-4, 6e-4, 8e-4, 1e-3, 8.502e-4, 6.973e-4, 5.405e-4, 3.783e-4, 2.074e-4]

    assert rates(**linear_warmup(4)) == pytest.approx(expected, abs=5.1e-8)


def test_steps_after_warmup():
    step = {"l_rate_scheduler": "Step", "l_rate_step_step_size": 3, **linear_warmup(4)}

    expected = [2e-4, 4e-4, 6e-4, 8e-4, 1e-3, 1e-3, 1e-3, 1e-4, 1e-4, 1e-4]
    assert rates(**step) == pytest.approx(expected)


def test_exponential_decay():
    exponential = rates(4, l_rate_scheduler="Exponential", l_rate_exponential_gamma=0.5)

    assert exponential == pytest.approx([1e-3, 5e-4, 2.5e-4, 1.25e-4])


def test_milestones_in_any_order_lower_the_rate_once_each():
    fields = {"l_rate_scheduler": "MultiStep", "l_rate_multi_step_milestones": [4, 2]}

    assert rates(6, **fields) == pytest.approx([1e-3, 1e-3, 1e-4, 1e-4, 1e-5, 1e-5])


def test_cosine_falls_to_the_minimum():
    cosine = rates(11, l_rate_scheduler="Cosine")

    assert cosine[0] == pytest.approx(1e-3)
    assert cosine[5] == pytest.approx((1e-3 + 1e-5) / 2)
    assert cosine[10] == pytest.approx(1e-5)


def test_warmup_epochs_count_only_with_a_warmup():
    assert rates(l_rate_warmup_epochs=4) == rates()


@given(
    scheduler=st.sampled_from([each for each in LRScheduler if each is not LRScheduler.MULTI_STEP]),
    warmup=st.integers(0, 12),
    num_epochs=st.integers(1, 12),
)
def test_the_rate_rises_in_warmup_then_never_again(scheduler, warmup, num_epochs):
    fields = {"l_rate_scheduler": scheduler.value, "num_epochs": num_epochs}
    course = rates(num_epochs + 3, **fields, **linear_warmup(warmup))

    assert course[:warmup] == sorted(course[:warmup])
    assert course[warmup:] == sorted(course[warmup:], reverse=True)
    assert all(0 < rate <= 1e-3 for rate in course)


def test_a_rate_of_zero_stays_zero():
    assert rates(3, l_rate=0.0, min_l_rate=0.0) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"l_rate_scheduler": "MultiStep"}, "needs l_rate_multi_step_milestones.*got None"),
        (
            {"l_rate_scheduler": "Step", "l_rate_step_step_size": 0},
            "l_rate_step_step_size must be at least 1; got 0",
        ),
    ],
)
def test_fields_without_a_schedule_are_refused(fields, message):
    with pytest.raises(ConfigError, match=message):
        rates(**fields)


# Courses that the original gave, by the fields that differ from FIELDS.
RECORDED: list[tuple[dict[str, Any], list[float]]] = [
    (
        {
            "l_rate": 1.0,
            "l_rate_scheduler": "MultiStep",
            "l_rate_multi_step_milestones": [2, 4],
            "l_rate_multi_step_gamma": 0.5,
            **linear_warmup(2),
        },
        [1 / 3, 2 / 3, 1, 1],
    ),
    (
        {
            "l_rate": 0.3,
            "l_rate_scheduler": "MultiStep",
            "l_rate_multi_step_milestones": [2],
            **linear_warmup(1),
        },
        [0.15, 0.3, 0.3, 0.03],
    ),
    (
        {
            "l_rate": 1e-4,
            "min_l_rate": 0.0,
            "num_epochs": 4,
            "l_rate_polynomial_gamma": 1e-4,
        },
        [1e-4, 9.99971e-05, 9.9993e-05, 9.99861e-05],
    ),
    (
        {
            "l_rate": 0.01,
            "num_epochs": 6,
            "l_rate_scheduler": "Step",
            "l_rate_step_step_size": 2,
            "l_rate_step_gamma": 0.9,
        },
        [0.01, 0.01, 0.009, 0.009, 0.0081, 0.0081],
    ),
    (
        {"l_rate": 0.01, "num_epochs": 6, "min_l_rate": 0.0},
        [0.01, 0.0084866615, 0.0069425316, 0.0053588673, 0.0037204106, 0.0019937187],
    ),
    (
        {
            "l_rate": 0.01,
            "num_epochs": 6,
            "l_rate_scheduler": "Exponential",
            **linear_warmup(3),
        },
        [0.0025, 0.005, 0.0075, 0.01, 0.009, 0.0081],
    ),
]


@pytest.mark.parametrize(("fields", "expected"), RECORDED)
def test_courses_of_the_original(fields, expected):
    assert rates(len(expected), **fields) == pytest.approx(expected, rel=1e-5)


# What a recorded case says in its name, as fields.
VECTOR_FIELDS: dict[int, dict[str, Any]] = {
    0: {"l_rate_scheduler": "MultiStep"},
    2: {"l_rate_scheduler": "MultiStep"},
    4: {"l_rate_scheduler": "MultiStep"},
    6: {"l_rate_scheduler": "Cosine", "min_l_rate": 0.0},
    8: {"min_l_rate": 0.0},
    10: {"l_rate_scheduler": "Step", "l_rate_step_step_size": 2, "l_rate_step_gamma": 0.9},
    12: {"min_l_rate": 0.0},
    14: {"l_rate_scheduler": "Exponential"},
    16: {
        "l_rate_scheduler": "MultiStep",
        "l_rate_multi_step_milestones": [3, 5, 7],
        "l_rate_multi_step_gamma": 0.9,
    },
}
RENAMED = {"milestones": "l_rate_multi_step_milestones", "warmup_epochs": "l_rate_warmup_epochs"}


@pytest.mark.skipif(not VECTORS.is_dir(), reason="conformance vectors not beside the checkout")
@pytest.mark.parametrize("number", list(VECTOR_FIELDS))
def test_recorded_learning_rates_of_the_original(number):
    text = (VECTORS / "json" / "learning_rates.json").read_text(encoding="utf-8")
    cases = {case["id"]: case for case in json.loads(text)["cases"]}
    recorded, expected = dict(cases[f"learning_rates/{number}"]["input"]), None
    expected = cases[f"learning_rates/{number}"]["expected"]
    gamma, epoch = recorded.pop("gamma", None), recorded.pop("epoch", None)
    fields = {RENAMED.get(name, name): value for name, value in recorded.items()}
    fields |= {"l_rate_warmup": "Linear", **VECTOR_FIELDS[number]}
    if gamma is not None:
        fields |= {"l_rate_multi_step_gamma": gamma, "l_rate_polynomial_gamma": gamma}

    course = rates(epoch + 1 if epoch else len(expected), **fields)

    assert (course[epoch] if epoch else course) == pytest.approx(expected, rel=1e-5)
