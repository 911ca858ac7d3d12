"""Which checkpoints does a run evaluate that trains nothing?"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from innereye.configs.model_config import ModelConfig
from innereye.errors import ConfigError, list_faults
from innereye.inference.found_checkpoints import checkpoints_of
from innereye.io.web_address import Source, source_of
from innereye.names import CHECKPOINTS, TRAINED_MODELS


@dataclass(frozen=True, eq=False)
class ExistingModel:
    """The model that a run evaluates with train=False; `outputs` is the run's folder."""

    outputs: str
    model: ModelConfig

    @property
    def is_evaluated(self) -> bool:
        """Does the run evaluate a model that exists, and train none?"""
        return not self.model.train

    @property
    def folder(self) -> str:
        """Where the run keeps the checkpoints."""
        return f"{self.outputs}/{CHECKPOINTS}/{TRAINED_MODELS}"

    @cached_property
    def addresses(self) -> list[Source]:
        """Files on web servers.

        Raises:
            DownloadError: what stands behind '#' is no hash.
        """
        return [source_of(address) for address in self.model.weights_url]

    @property
    def files(self) -> list[str]:
        """The files on this machine that the checkpoints come from.

        Raises:
            CheckpointError: a folder holds no model.
        """
        places = self.model.local_weights_path
        return [str(path) for place in places for path in checkpoints_of(place)]

    @property
    def origin(self) -> dict[str, Any]:
        """Where the checkpoints come from, plain, without what may be secret in an address."""
        return {
            "local": [str(path) for path in self.model.local_weights_path],
            "addresses": [f"{each.shown} {each.sha256}".rstrip() for each in self.addresses],
            "model_id": self.model.model_id,
        }

    @property
    def name(self) -> str:
        """The checkpoints in words."""
        origin = self.origin
        return " and ".join([*origin["local"], *origin["addresses"]]) or origin["model_id"]

    def require_use(self) -> None:
        """Refuse a model that is named without train=False, or is not there.

        Raises:
            InnerEyeError: what is wrong.
        """
        if not self.is_evaluated:
            if self.name:
                raise ConfigError(
                    f"A model to be evaluated is named, {self.name}, but train is True. Add train=False, "
                    "or leave it out; recover_from or run_recovery_id trains an earlier run further."
                )
            return
        missing = [str(path) for path in self.model.local_weights_path if not path.exists()]
        if missing:
            faults = [f"{path} does not exist" for path in missing]
            raise ConfigError(list_faults("local_weights_path names what is not there:", faults))
        self.files  # noqa: B018  says which folder holds no model
