"""How does this workspace behave? What a test may change while the emulator runs."""

from dataclasses import dataclass, field


@dataclass
class Settings:
    """Times are seconds, sizes are bytes."""

    page_size: int = 100
    """Runs, artifacts, models and datastores of one answer, at most."""
    blob_page_size: int = 5000
    """Blobs of one answer, at most."""

    delays: dict[str, float] = field(default_factory=dict)
    """How long a run stays in a status at least, such as {"Queued": 0.5}; see also `hold`."""
    upload_every_s: float = 0.5
    """How often `logs/` of a running job is uploaded."""
    grace_s: float = 5.0
    """From SIGTERM to SIGKILL, for a run that is cancelled."""
    keep_nodes: bool = False
    """Leave the working directories of jobs behind, to look into; a real node is wiped."""
    node_variables: dict[str, str] = field(default_factory=dict)
    """Environment variables that the image of the nodes brings along."""
    image_error: str = ""
    """When set, the image of no job can be built; the text is the reason."""

    snapshot_limit_bytes: int = 300 * 1024 * 1024
    token_lifetime_s: float = 3600.0
