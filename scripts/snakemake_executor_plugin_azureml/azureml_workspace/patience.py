"""How long do we wait for a service that is busy, and for a call that does not return?"""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from snakemake_executor_plugin_azureml.azureml_workspace.refusals import RefusedError

T = TypeVar("T")


@dataclass(frozen=True)
class Patience:
    """Bounds of waiting. Seven tries with 1, 2, 4 ... seconds between them make about a minute."""

    tries: int = 7
    first_wait_s: float = 1.0
    longest_wait_s: float = 60.0
    longest_retry_after_s: float = 300.0
    """A service that asks for a longer rest is asked again after this time."""
    connect_s: float = 10.0
    read_s: float = 100.0
    """The longest silence within an answer."""
    client_call_s: float = 900.0
    """The longest call of azureml-core, which has no time-outs of its own; it may upload 300 MB."""
    sleep: Callable[[float], None] = time.sleep

    def wait_s(self, tries: int, refusal: RefusedError) -> float:
        """Return the seconds to wait after so many tries."""
        own = min(self.first_wait_s * 2 ** (tries - 1), self.longest_wait_s)
        return max(own, min(refusal.retry_after_s or 0.0, self.longest_retry_after_s))

    def persist(self, step: Callable[[], T]) -> T:
        """Return the result of a step that may be repeated, tried again on errors that pass.

        After a 401 it is repeated once: the step has forgotten its token, and signs in anew.

        Raises:
            RefusedError: one that does not pass, or the last of too many.
        """
        tries, is_renewed = 0, False
        while True:
            try:
                return step()
            except RefusedError as refusal:
                if refusal.status == 401 and not is_renewed:
                    is_renewed = True
                    continue
                tries += 1
                if not refusal.passes or tries >= self.tries:
                    raise
                self.sleep(self.wait_s(tries, refusal))


def bounded(call: Callable[[], T], seconds: float) -> T:
    """Return the result of a call that may hang; it is left behind when the time is up.

    Raises:
        RefusedError: there was no answer in time.
    """
    future: Future[T] = Future()

    def work() -> None:
        try:
            future.set_result(call())
        except BaseException as error:  # noqa: BLE001  it is raised in the thread that asked
            future.set_exception(error)

    threading.Thread(target=work, daemon=True, name="azureml-client").start()
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        if future.done():
            raise  # the call's own
        raise RefusedError(None, f"no answer within {seconds:g} s") from None
