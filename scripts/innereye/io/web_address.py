"""What does the address of a file on a web server say, and what of it may be shown?"""

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from innereye.errors import DownloadError

_HASH = re.compile(r"sha256=([0-9a-fA-F]{64})")


@dataclass(frozen=True)
class Source:
    """A file on a web server; `sha256` is its hash, or empty where nobody knows."""

    url: str
    sha256: str = ""

    @property
    def shown(self) -> str:
        """The address for logs: what follows `?` may be a secret."""
        return shown_address(self.url)

    @property
    def name(self) -> str:
        """Name of the file."""
        last = unquote(urlsplit(self.url).path.rstrip("/").rpartition("/")[2])
        return re.sub(r"[^A-Za-z0-9._-]+", "_", last).lstrip(".") or "file"

    @property
    def place(self) -> str:
        """Path that is the file's own below a folder of downloads."""
        return f"{hashlib.sha256(self.shown.encode()).hexdigest()[:8]}/{self.name}"


def source_of(address: str) -> Source:
    """Return the source that an address states; its hash stands behind: `URL#sha256=...`.

    Raises:
        DownloadError: what follows `#` is no such hash.
    """
    url, _, fragment = address.partition("#")
    found = _HASH.fullmatch(fragment)
    if fragment and not found:
        raise DownloadError(
            f"{shown_address(url)}#{fragment}: behind '#' stands sha256= and 64 hexadecimal digits."
        )
    return Source(url, found[1].lower() if found else "")


def shown_address(url: str) -> str:
    """Return an address without user, password and what follows `?`, which may be secrets."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
