"""Files are whole or not there, and tables are text."""

import os

import pandas as pd
import pytest

from innereye.errors import DatasetError
from innereye.io.files import atomic_write, read_table, write_table


def test_a_body_that_fails_leaves_no_trace(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    with pytest.raises(RuntimeError), atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert (tmp_path / "a.txt").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_a_body_that_ends_well_replaces_the_file_and_makes_folders(tmp_path):
    path = tmp_path / "new" / "folder" / "a.nii.gz"
    with atomic_write(path) as temporary:
        assert temporary.name == "a.nii.gz"
        assert not path.exists()
        temporary.write_text("whole")
    assert path.read_text() == "whole"
    assert [found.name for found in path.parent.iterdir()] == ["a.nii.gz"]


def test_a_file_that_is_replaced_is_not_written_into(tmp_path):
    (tmp_path / "a.txt").write_text("old")
    os.link(tmp_path / "a.txt", tmp_path / "link.txt")
    with atomic_write(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link.txt").read_text() == "old"


def test_cells_stay_text(tmp_path):
    frame = pd.DataFrame({"subject": ["007", "NA", ""], "x": ["1.0", "a,b", "Ünal\n"]})
    write_table(tmp_path / "t.csv", frame)
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.csv"), frame, check_dtype=False)
    assert b"\r" not in (tmp_path / "t.csv").read_bytes()


def test_a_table_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "t.csv").write_bytes(b"\xef\xbb\xbfsubject,x\r\n1,2\r\n")
    assert list(read_table(tmp_path / "t.csv").columns) == ["subject", "x"]


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2,3\n4,5,6,7,8\n", b"a\n\xff\xfe\n"])
def test_what_is_no_table_is_an_error_of_the_user(tmp_path, content):
    (tmp_path / "t.csv").write_bytes(content)
    with pytest.raises(DatasetError, match="not a table"):
        read_table(tmp_path / "t.csv")


def test_a_missing_table_says_so(tmp_path):
    with pytest.raises(DatasetError, match="does not exist"):
        read_table(tmp_path / "t.csv")
