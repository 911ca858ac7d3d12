"""How are the calls of azureml-core itself made, which know neither time-outs nor our refusals?"""

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from snakemake_executor_plugin_azureml.azureml_workspace.account import Account
from snakemake_executor_plugin_azureml.azureml_workspace.answers import refusal_of_error, tidy
from snakemake_executor_plugin_azureml.azureml_workspace.client_library import load_client
from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience, bounded
from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError
from snakemake_executor_plugin_azureml.azureml_workspace.service import Scope
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

T = TypeVar("T")


class Client:
    """The workspace as azureml-core sees it, signed in by our tokens."""

    def __init__(self, account: Account, scope: Scope, patience: Patience) -> None:
        self._account = account
        self._scope = scope
        self._patience = patience
        self._lock = threading.Lock()
        self._workspace: Any = None

    def call(self, step: Callable[[Any], T]) -> T:
        """Return what a step makes of azureml-core's workspace; one step at a time.

        Its cache of the last snapshot is one file, which two threads had better not write at once.

        Raises:
            RefusedError: whatever azureml-core raises.
        """
        with self._lock:
            token = self._account.token()
            try:
                return bounded(lambda: step(self._open()), self._patience.client_call_s)
            except (RefusedError, WorkspaceError):
                raise
            except Exception as error:  # azureml-core raises bare ones, too
                refusal = refusal_of_error(error)
                if refusal is None:
                    words = tidy(f"{type(error).__name__}: {error}")
                    raise WorkspaceError(f"azureml-core cannot do this: {words}") from error
                if refusal.status == 401:
                    self._account.forget(token)
                raise refusal from error

    def _open(self) -> Any:
        if self._workspace is None:
            load_client()
            from azureml.core import Workspace  # noqa: PLC0415
            from azureml.core.authentication import TokenAuthentication  # noqa: PLC0415

            self._workspace = Workspace(
                self._scope.subscription,
                self._scope.resource_group,
                self._scope.workspace,
                auth=TokenAuthentication(lambda _audience: self._account.token()),
            )
        return self._workspace
