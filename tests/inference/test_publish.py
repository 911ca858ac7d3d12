"""Do results of the ensemble appear in outputs, without what an earlier run left there?"""

from innereye.inference.publish import publish


def write(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{folder.name} {name}")


def test_volumes_are_stored_once_and_tables_have_times_of_their_own(tmp_path):
    source, target = tmp_path / "ENSEMBLE", tmp_path / "outputs"
    names = ["001/segmentation.nii.gz", "thumbnails/001_a.png", "metrics.csv"]
    write(source, *names)
    publish(source, target)
    assert [(target / name).samefile(source / name) for name in names] == [True, True, False]
    assert (target / "metrics.csv").read_text() == (source / "metrics.csv").read_text()


def test_old_volumes_and_thumbnails_go_and_other_files_stay(tmp_path):
    source, target = tmp_path / "ENSEMBLE", tmp_path / "outputs"
    write(source, "metrics.csv", "001/segmentation.nii.gz", ".metrics.csv.x/metrics.csv")
    write(target, "002/segmentation.nii.gz", "thumbnails/002_a.png", "notes.txt", "metrics.csv")
    publish(source, target)
    left = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    assert left == {"metrics.csv", "001/segmentation.nii.gz", "notes.txt"}
    assert (target / "metrics.csv").read_text() == "ENSEMBLE metrics.csv"


def test_a_second_call_changes_nothing(tmp_path):
    source, target = tmp_path / "ENSEMBLE", tmp_path / "outputs"
    write(source, "metrics.csv", "001/segmentation.nii.gz")
    publish(source, target)
    publish(source, target)
    assert (source / "001/segmentation.nii.gz").read_text() == "ENSEMBLE 001/segmentation.nii.gz"
