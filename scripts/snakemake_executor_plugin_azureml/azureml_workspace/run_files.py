"""How do the files of a run ("Outputs and Logs") come and go?"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from snakemake_executor_plugin_azureml.azureml_workspace.artifacts import (
    address_of,
    paths_in,
    places_for,
)
from snakemake_executor_plugin_azureml.azureml_workspace.blobs import get_blob, put_blob
from snakemake_executor_plugin_azureml.azureml_workspace.part import Part
from snakemake_executor_plugin_azureml.workspace import NotFoundError

# As many places as the service gives at once.
BATCH = 500
UPLOADS_AT_ONCE = 8


class RunFiles(Part):
    """The verbs on files of runs."""

    def list_files(self, run_id: str, prefix: str = "") -> list[str]:
        """Return the paths of a run's files, sorted, such as `outputs/a.csv`."""
        try:
            return sorted(p for p in paths_in(self._service, run_id) if p.startswith(prefix))
        except NotFoundError:
            return []  # a run that has not written yet

    def download_file(self, run_id: str, path: str, target: Path) -> None:
        """Fetch one file of a run; `target` appears only when it is whole."""
        about = f"file {path} of run {run_id}"
        get_blob(self._service, lambda: address_of(self._service, run_id, path), target, about)

    def upload_folder(self, run_id: str, name: str, folder: Path) -> None:
        """Put the files of a folder below `name` among the files of a run."""
        files = {
            f"{name}/{path.relative_to(folder).as_posix()}": path
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        paths = list(files)
        for start in range(0, len(paths), BATCH):
            places = places_for(self._service, run_id, paths[start : start + BATCH])

            def upload(item: tuple[str, str]) -> None:
                path, url = item
                put_blob(self._service, url, files[path], f"file {path} of run {run_id}")

            with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
                list(pool.map(upload, places.items()))
