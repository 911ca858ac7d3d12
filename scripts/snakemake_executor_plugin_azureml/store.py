"""How do files get into the cloud once only? A store in a datastore that names files by content."""

import hashlib
import json
import logging
import tempfile
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from snakemake_executor_plugin_azureml import names
from snakemake_executor_plugin_azureml.node import sha256_of
from snakemake_executor_plugin_azureml.workspace import Mount, Progress, Workspace

logger = logging.getLogger(__name__)

STORE = "snakemake-azureml"
UPLOADS_AT_ONCE = 8


class FileStore:
    """The folder `snakemake-azureml` of a datastore: `blobs/<first two digits>/<sha256>` and `jobs/`.

    `hashes` knows the hashes of local files, so that a large data set is read once only.
    `require_going_on` is called before and while files move; what it raises ends that.
    """

    def __init__(
        self,
        workspace: Workspace,
        datastore: str,
        hashes: "LocalHashes",
        require_going_on: Callable[[], None] = lambda: None,
    ) -> None:
        self._workspace = workspace
        self._datastore = datastore
        self._hashes = hashes
        self._require_going_on = require_going_on
        self._present: set[str] | None = None
        self._lock = threading.Lock()

    @property
    def mount(self) -> Mount:
        """The whole store, as a run mounts it."""
        return Mount(self._datastore, STORE)

    def add(
        self, files: Mapping[str, Path], announce: Callable[[int], Progress | None] | None = None
    ) -> dict[str, str]:
        """Upload what the store lacks; return the sha256 of each file, by the same names.

        `announce` is called once with the number of bytes to move, and returns what is told of them.
        """
        with self._lock:  # two jobs never upload the same file
            hashes = self._hashes.of(files)
            by_content = {hashes[name]: path for name, path in files.items()}
            missing = {h: p for h, p in by_content.items() if h not in self._known()}
            total = sum(path.stat().st_size for path in missing.values())
            progress = announce(total) if announce and missing else None

            def tell(moved_bytes: int) -> None:
                self._require_going_on()
                if progress:
                    progress(moved_bytes)

            def upload(item: tuple[str, Path]) -> str:
                sha256, path = item
                self._require_going_on()
                self._workspace.upload_blob(self._place(blob_name(sha256)), path, tell)
                return sha256

            with ThreadPoolExecutor(UPLOADS_AT_ONCE) as pool:
                for sha256 in pool.map(upload, missing.items()):
                    self._known().add(sha256)
        return hashes

    def add_json(self, name: str, content: object) -> str:
        """Write a JSON file into the store, over an older one; return its name."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "content.json")
            path.write_text(json.dumps(content, sort_keys=True), encoding="utf-8")
            self._workspace.upload_blob(self._place(name), path)
        return name

    def add_list(self, hashes: Mapping[str, str]) -> str:
        """Write a list of files into the store, named by its content; return its name."""
        text = json.dumps(hashes, sort_keys=True).encode()
        return self.add_json(f"lists/{hashlib.sha256(text).hexdigest()}.json", dict(hashes))

    def forget_recovery(self, run_id: str) -> None:
        """Take away what a run, or its retries, would have needed to go on."""
        self._workspace.delete_blobs(self._place(recovery_name(run_id)))

    def _known(self) -> set[str]:
        if self._present is None:
            blobs = self._workspace.list_blobs(self._place("blobs"))
            self._present = {blob.path.rpartition("/")[2] for blob in blobs}
        return self._present

    def _place(self, name: str) -> Mount:
        return Mount(self._datastore, f"{STORE}/{name}")


class LocalHashes:
    """The sha256 of local files, read again only when size or time has changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._known: dict[str, list[object]] | None = None
        self._lock = threading.Lock()

    def of(self, files: Mapping[str, Path]) -> dict[str, str]:
        """Return the hashes of files by their names, and keep them."""
        with self._lock:
            return self._of(files)

    def _of(self, files: Mapping[str, Path]) -> dict[str, str]:
        known = self._load()
        hashes, is_new = {}, False
        for name, path in files.items():
            found = path.stat()
            state = [found.st_size, found.st_mtime_ns]
            entry = known.get(str(path.resolve()))
            if entry is None or entry[:2] != state:
                entry = [*state, sha256_of(path)]
                known[str(path.resolve())] = entry
                is_new = True
            hashes[name] = str(entry[2])
        if is_new:
            self._save(known)
        return hashes

    def _load(self) -> dict[str, list[object]]:
        if self._known is None:
            try:
                self._known = dict(json.loads(self._file.read_text(encoding="utf-8")))
            except (FileNotFoundError, ValueError, TypeError):
                self._known = {}  # a lost cache costs a second look at the files
        return self._known

    def _save(self, known: Mapping[str, list[object]]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_suffix(".part")
        temporary.write_text(json.dumps(known), encoding="utf-8")
        temporary.replace(self._file)


def blob_name(sha256: str) -> str:
    """Return the name of a content in the store."""
    return f"blobs/{sha256[:2]}/{sha256}"


def recovery_name(run_id: str) -> str:
    """Return the folder of the store that outlives a run; the same for all its retries."""
    return f"recovery/{names.without_attempt(run_id)}"


def named(paths: Iterable[str]) -> dict[str, Path]:
    """Return paths by their own texts."""
    return {path: Path(path) for path in paths}
