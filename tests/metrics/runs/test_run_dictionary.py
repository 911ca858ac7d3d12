"""The list of runs: one line each, in columns."""

from innereye.metrics.runs.run_dictionary import write_run_dictionary


def test_names_are_sorted_and_padded(tmp_path):
    path = tmp_path / "RunDictionary.txt"
    write_run_dictionary(path, {"ENSEMBLE": "outputs", "1": "outputs/1", "0": "outputs/0"})
    assert path.read_bytes() == (
        b"0           outputs/0\n1           outputs/1\nENSEMBLE    outputs\n"
    )


def test_no_runs_make_an_empty_file(tmp_path):
    write_run_dictionary(tmp_path / "RunDictionary.txt", {})
    assert (tmp_path / "RunDictionary.txt").read_bytes() == b""
