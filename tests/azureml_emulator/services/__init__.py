"""The operations of the services, one module each; importing them registers their routes."""

from azureml_emulator.services import (
    artifacts,
    compute,
    data_sets,
    datastores,
    environments,
    execution,
    management,
    models,
    run_history,
    sign_in,
    snapshots,
    storage,
)

__all__ = [
    "artifacts",
    "compute",
    "data_sets",
    "datastores",
    "environments",
    "execution",
    "management",
    "models",
    "run_history",
    "sign_in",
    "snapshots",
    "storage",
]
