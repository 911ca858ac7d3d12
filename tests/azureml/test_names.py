"""Names of experiments and runs, and what they tell."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snakemake_executor_plugin_azureml import names

GUID = "55d4beef-7be9-45d7-89a5-1acf1f99078a"


@given(st.text())
def test_a_safe_name_is_one_that_the_service_takes(text):
    try:
        name = names.safe_name(text)
    except names.NameFormatError as error:
        assert not re.search("[A-Za-z0-9]", text)
        assert "needs a letter or digit" in str(error)
    else:
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_]{0,254}", name)
        assert "__" not in name
        assert names.safe_name(name) == name


def test_underscores_do_not_pile_up_and_long_names_are_cut():
    assert names.safe_name("_a_-b__c//d") == "a_b_c_d"
    assert names.safe_name("x" * 300) == "x" * 255


def test_the_experiment_is_what_is_stated_or_the_users_month():
    day = date(2026, 11, 2)
    assert names.experiment_name("foo/bar", "anna", day) == "foo_bar"
    assert names.experiment_name(None, "anna b", day) == "anna_b_local_branch_202611"


def test_the_same_job_has_the_same_id_and_others_have_others():
    found = [names.run_id("main", 1_700_000_000, key) for key in ("a", "b", "a")]
    assert found[0] == found[2] != found[1]
    assert all(re.fullmatch(r"main_1700000000_[0-9a-f]{8}", run) for run in found)
    assert names.run_id("main", 1_700_000_000, "a", attempt=2) == f"{found[0]}-r2"
    assert names.parent_id("a") == names.parent_id("a") != names.parent_id("b")
    assert re.fullmatch(r"HD_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", names.parent_id("a"))


def test_the_longest_id_still_fits_the_service():
    assert len(names.run_id("x" * 255, 1_700_000_000, "a", attempt=99)) <= 256


@given(
    child=st.sampled_from(["0", "4", "12", "ensemble"]),
    attempt=st.integers(1, 20),
    parent=st.builds(names.parent_id, st.text()),
)
def test_a_childs_id_tells_its_parent_its_name_and_its_attempt(child, attempt, parent):
    run = names.child_id(parent, child, attempt)
    assert names.parent_of_child(run) == parent
    assert names.name_of_child(run) == child
    assert names.fold_of_child(run) == (int(child) if child.isdecimal() else None)
    assert names.attempt_of(run) == attempt


def test_children_are_named_as_the_original_names_them():
    parent = f"HD_{GUID}"
    assert names.child_id(parent, "0") == f"{parent}_0"
    assert names.child_id(parent, "4", 2) == f"{parent}_4-r2"


@pytest.mark.parametrize("child", ["", "a-r2", "a/b", "a b"])
def test_a_child_whose_name_would_garble_the_id_is_refused(child):
    with pytest.raises(names.NameFormatError, match="letters, digits and _"):
        names.child_id("HD_1", child)


@pytest.mark.parametrize(
    "run", [f"HD_{GUID}", "main_1700000000_0a1b2c3d", "main_1700000000_12345678-r2"]
)
def test_other_runs_have_no_parent(run):
    assert names.parent_of_child(run) is None
    assert names.fold_of_child(run) is None


@given(st.from_regex(r"[a-z0-9_]{1,9}", fullmatch=True), st.integers(1, 3))
def test_a_runs_id_alone_leads_to_its_experiment(experiment, attempt):
    run = names.run_id(experiment, 1_700_000_000, "a", attempt)
    assert names.parse_recovery_id(run) == (experiment, run)
    assert names.parse_recovery_id(names.recovery_id(experiment, run)) == (experiment, run)


def test_a_recovery_id_may_name_a_parent_a_child_or_a_retry():
    for run in (f"HD_{GUID}", f"HD_{GUID}_3", f"HD_{GUID}_3-r2"):
        assert names.parse_recovery_id(f"foo_bar:{run}") == ("foo_bar", run)


@pytest.mark.parametrize("text", ["a:b:c", ":b", "a:", "", "main", f"HD_{GUID}", f"HD_{GUID}_0"])
def test_what_names_no_run_is_refused_with_an_example(text):
    with pytest.raises(names.NameFormatError, match="EXPERIMENT:RUN"):
        names.parse_recovery_id(text)
