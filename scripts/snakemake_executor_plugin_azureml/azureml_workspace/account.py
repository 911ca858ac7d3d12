"""Who are we, for as long as Snakemake runs? Signs in once, and anew when a token runs out."""

import threading
import time
from collections.abc import Mapping

from snakemake_executor_plugin_azureml.azureml_workspace.patience import Patience
from snakemake_executor_plugin_azureml.azureml_workspace.sign_in import (
    NoWayError,
    Token,
    Way,
    ways_in,
)
from snakemake_executor_plugin_azureml.options import Options
from snakemake_executor_plugin_azureml.workspace import WorkspaceError

# A token is renewed this long before it runs out.
MARGIN_S = 300.0


class Account:
    """Gives tokens to all threads. The secret itself stays in the environment."""

    def __init__(self, options: Options, environ: Mapping[str, str], patience: Patience) -> None:
        self._ways = ways_in(options, environ, patience)
        self._way: Way | None = None
        self._token: Token | None = None
        self._lock = threading.Lock()

    @property
    def who(self) -> str:
        """How sentences name us."""
        return self._way.who if self._way else self._ways[0].who

    def token(self) -> str:
        """Return a token that holds for the next minutes.

        Raises:
            WorkspaceError: we may not sign in.
            RefusedError: the service of tokens does not answer for the moment.
        """
        with self._lock:
            if self._token is None or self._token.expires < time.time() + MARGIN_S:
                self._token = self._fetch()
            return self._token.text

    def forget(self, token: str) -> None:
        """Sign in anew at the next question, unless another thread has done so already."""
        with self._lock:
            if self._token is not None and self._token.text == token:
                self._token = None

    def _fetch(self) -> Token:
        if self._way is not None:
            return self._try(self._way)
        reasons = []
        for way in self._ways:
            try:
                token = way.fetch()
            except NoWayError as error:
                reasons.append(str(error))
                continue
            self._way = way
            return token
        raise WorkspaceError(
            "There is no way to sign in to Azure: no variable AZURE_CLIENT_SECRET or "
            f"APPLICATION_KEY is set, {', and '.join(reasons)}. See profiles/README.md."
        )

    def _try(self, way: Way) -> Token:
        try:
            return way.fetch()
        except NoWayError as error:
            raise WorkspaceError(f"Signing in anew as {way.who} failed: {error}.") from None
