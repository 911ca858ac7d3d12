"""How are files of a datastore listed, written and read?"""

import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

from snakemake_executor_plugin_azureml.azureml_workspace.blobs import VERSION, get_blob, put_blob
from snakemake_executor_plugin_azureml.azureml_workspace.client import Client
from snakemake_executor_plugin_azureml.azureml_workspace.client_library import load_client
from snakemake_executor_plugin_azureml.azureml_workspace.data_sets import folder_of_data_set
from snakemake_executor_plugin_azureml.azureml_workspace.part import Part
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.azureml_workspace.service import Service
from snakemake_executor_plugin_azureml.workspace import (
    Blob,
    Mount,
    NotFoundError,
    Progress,
    WorkspaceError,
)

T = TypeVar("T")

# The right to a container is asked for anew after this time; one made from a key holds for longer.
KEPT_S = 6 * 3600.0
HOLDS = timedelta(hours=24)


@dataclass(frozen=True)
class Container:
    """A container of the storage, with the right to use it; `until` in seconds of the clock."""

    address: str
    right: str
    until: float

    def url(self, path: str) -> str:
        """Return the address of one file."""
        return f"{self.address}/{quote(path.strip('/'), safe='/')}?{self.right}"


class Datastores(Part):
    """The verbs on datastores."""

    def __init__(self, service: Service, client: Client) -> None:
        super().__init__(service, client)
        self._containers: dict[str, Container] = {}
        self._containers_lock = threading.Lock()

    def list_blobs(self, mount: Mount) -> list[Blob]:
        """Return the files below a folder, their paths relative to it; empty where there is none."""
        prefix = f"{mount.path.strip('/')}/".lstrip("/")
        about = f"datastore {mount.datastore}, folder {prefix or '/'}"

        def list_all(container: Container) -> list[Blob]:
            return list(_blobs_below(self._service, container, prefix, about))

        return self._with_container(mount.datastore, list_all)

    def upload_blob(self, mount: Mount, source: Path, progress: Progress | None = None) -> None:
        """Write one file; `mount.path` is its full path in the datastore."""
        about = f"datastore {mount.datastore}, file {mount.path}"

        def upload(container: Container) -> None:
            put_blob(self._service, container.url(mount.path), source, about, progress)

        self._with_container(mount.datastore, upload)

    def download_blob(self, mount: Mount, target: Path) -> None:
        """Fetch one file; `target` appears only when it is whole."""
        about = f"file {mount.path} in the datastore {mount.datastore}"

        def download(container: Container) -> None:
            get_blob(self._service, lambda: container.url(mount.path), target, about)

        self._with_container(mount.datastore, download)

    def delete_blobs(self, mount: Mount) -> None:
        """Take away the files below a folder; one that is gone already is no error."""
        names = [f"{mount.path.strip('/')}/{blob.path}" for blob in self.list_blobs(mount)]
        for name in names:
            about = f"file {name} in the datastore {mount.datastore}"
            with suppress(NotFoundError):
                self._with_container(mount.datastore, partial(self._delete, name, about))

    def _delete(self, name: str, about: str, container: Container) -> None:
        self._service.ask("DELETE", container.url(name), about, signed=False, headers=VERSION)

    def data_set_folder(self, name: str) -> Mount | None:
        """Return the folder of a data set registered in the workspace, or None."""
        return folder_of_data_set(self._service, name)

    def _with_container(self, name: str, step: Callable[[Container], T]) -> T:
        """Return what a step makes of a container; a right that has run out is asked for anew."""
        container = self._container(name)
        try:
            return step(container)
        except WorkspaceError as error:
            if not (isinstance(error.__cause__, RefusedError) and error.__cause__.status == 403):
                raise
        with self._containers_lock:
            if self._containers.get(name) is container:
                del self._containers[name]
        try:
            return step(self._container(name))
        except WorkspaceError as error:
            if isinstance(error.__cause__, RefusedError) and error.__cause__.status == 403:
                raise WorkspaceError(
                    f"The storage behind the datastore {name} refuses its key or signature "
                    f"({error.__cause__.words}). Renew the datastore's credentials in the studio."
                ) from error
            raise

    def _container(self, name: str) -> Container:
        with self._containers_lock:
            known = self._containers.get(name)
            if known is None or known.until < time.monotonic():
                url = self._service.url("datastore", "datastores", name)
                record = self._service.read("GET", url, f"datastore {name}")
                known = self._containers[name] = container_of_record(record)
            return known


def container_of_record(record: dict[str, Any]) -> Container:
    """Return the container of a datastore, and the right that the workspace keeps for it.

    Raises:
        WorkspaceError: it is no blob storage, or the workspace keeps neither key nor signature.
    """
    name, kind = record["name"], record.get("dataStoreType")
    section = record.get("azureStorageSection") or {}
    if kind != "AzureBlob" or not section.get("containerName"):
        raise WorkspaceError(f"The datastore {name} is of the kind {kind}; allowed is AzureBlob.")
    account, container = section["accountName"], section["containerName"]
    endpoint = section.get("endpoint") or "core.windows.net"
    credential, way = section.get("credential") or "", section.get("credentialType")
    right = section.get("sasToken") or (credential if way == "Sas" else "")
    key = section.get("accountKey") or (credential if way == "AccountKey" else "")
    if not right and key:
        right = _right_by_key(account, container, key)
    if not right:
        raise WorkspaceError(
            f"The datastore {name} has neither an account key nor a signature (SAS) of its own; give "
            "it one in the studio, since files are moved with it."
        )
    address = f"{section.get('protocol') or 'https'}://{account}.blob.{endpoint}/{container}"
    return Container(address, right.lstrip("?"), time.monotonic() + KEPT_S)


def _right_by_key(account: str, container: str, key: str) -> str:
    """Return a signature for a container: to list, read, write and delete for a day."""
    load_client()
    from azureml._vendor.azure_storage.blob import (  # noqa: PLC0415
        ContainerSasPermissions,
        generate_container_sas,
    )

    rights = ContainerSasPermissions(
        read=True, write=True, create=True, add=True, delete=True, list=True
    )
    return generate_container_sas(
        account, container, account_key=key, permission=rights, expiry=datetime.now(UTC) + HOLDS
    )


def _blobs_below(service: Service, container: Container, prefix: str, about: str) -> Iterator[Blob]:
    marker = ""
    while True:
        params = {"restype": "container", "comp": "list", "include": "metadata", "prefix": prefix}
        answer = service.ask(
            "GET",
            f"{container.address}?{container.right}",
            about,
            signed=False,
            headers=VERSION,
            params=params | ({"marker": marker} if marker else {}),
        )
        root = ET.fromstring(answer.content)
        for element in root.iterfind("Blobs/Blob"):
            if not _is_folder(element):
                yield _blob(element, prefix)
        marker = root.findtext("NextMarker") or ""
        if not marker:
            return


def _is_folder(element: ET.Element) -> bool:
    """Mounted datastores keep folders as empty files with a mark."""
    return (
        element.findtext("Properties/ResourceType") == "directory"
        or (element.findtext("Metadata/hdi_isfolder") or "").lower() == "true"
    )


def _blob(element: ET.Element, prefix: str) -> Blob:
    modified = parsedate_to_datetime(element.findtext("Properties/Last-Modified") or "")
    return Blob(
        path=(element.findtext("Name") or "").removeprefix(prefix),
        size=int(element.findtext("Properties/Content-Length") or 0),
        etag=(element.findtext("Properties/Etag") or "").strip('"'),
        modified=modified,
    )
