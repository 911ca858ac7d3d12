"""Series and institutions: the first of each subject, and a word where that is a choice."""

import pytest

from innereye.errors import InnerEyeError
from innereye.metrics.runs.subject_ids import read_subject_ids, shown_subjects


def dataset(folder, *lines):
    path = folder / "dataset.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_the_first_value_that_is_not_empty_counts(tmp_path, caplog):
    ids = read_subject_ids(
        dataset(tmp_path, "subject,seriesId,institutionId", "1,,A", "1,t1,A", "1,t2,A", "2,t3,")
    )
    assert ids.series == {"1": "t1", "2": "t3"}
    assert ids.institution == {"1": "A", "2": ""}
    assert "column seriesId: subject(s) 1 have more than one value" in caplog.text
    assert "institutionId" not in caplog.text


def test_one_series_each_needs_no_word(tmp_path, caplog):
    read_subject_ids(dataset(tmp_path, "subject,seriesId", "1,s", "1,s", "1,", "2,", "3,"))
    assert not caplog.text


def test_a_shared_series_is_said(tmp_path, caplog):
    ids = read_subject_ids(dataset(tmp_path, "subject,seriesId", "1,s", "2,s", "3,t"))
    assert ids.series == {"1": "s", "2": "s", "3": "t"}
    assert "subjects 1, 2 share a series" in caplog.text


def test_a_table_without_subjects_is_refused(tmp_path):
    with pytest.raises(InnerEyeError, match=r"dataset\.csv has no column subject; .* Patient"):
        read_subject_ids(dataset(tmp_path, "Patient,seriesId"))


def test_long_lists_are_cut():
    assert shown_subjects(list("abcde")) == "a, b, c, d, e"
    assert shown_subjects(list("abcdefg")) == "a, b, c, d, e and 2 more"
