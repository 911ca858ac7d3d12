"""Do the id files say whose results lie beside them?"""

from innereye.inference.run_information import write_run_information


def write(folder, sources, **changes):
    values = {
        "dataset_id": "my-data",
        "ground_truth_ids": ["anterior", "posterior"],
        "image_channels": ["mri", "ct"],
    }
    write_run_information(output_folder=folder, dataset_csvs=sources, **values | changes)


def test_there_is_one_line_for_each_value(tmp_path):
    write(tmp_path / "Test", [])
    files = {path.name: path.read_bytes() for path in (tmp_path / "Test").iterdir()}
    assert files == {
        "dataset_id.txt": b"my-data\n",
        "ground_truth_ids.txt": b"anterior\nposterior\n",
        "image_channel_ids.txt": b"mri\nct\n",
    }


def test_no_data_set_in_the_cloud_gives_an_empty_line(tmp_path):
    write(tmp_path, [], dataset_id="")
    assert (tmp_path / "dataset_id.txt").read_bytes() == b"\n"


def test_csv_files_are_copied_byte_by_byte_and_replace_older_ones(tmp_path):
    source, folder = tmp_path / "test_dataset.csv", tmp_path / "epoch_002" / "Test"
    for content in (b"subject\r\n1\r\n", b"subject\n2\n"):
        source.write_bytes(content)
        write(folder, [source])
        assert (folder / "test_dataset.csv").read_bytes() == content
