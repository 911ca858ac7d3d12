"""What goes wrong? Answers that are refused, lost or never come, and files that do not arrive."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from azureml_emulator.exchange import HangUpError, Request, Response, error_reply

CODES = {
    408: "RequestTimeout",
    429: "TooManyRequests",
    500: "InternalServerError",
    502: "BadGateway",
    503: "ServiceUnavailable",
    504: "GatewayTimeout",
}
HANG_LOOK_S = 0.05


class Clearable:
    """Something that a test switches on; it ends with `clear`, or at the end of a `with`."""

    def __init__(self) -> None:
        self.cleared = threading.Event()

    def clear(self) -> None:
        """End it."""
        self.cleared.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


@dataclass(eq=False)
class Fault(Clearable):
    """What happens to requests whose `METHOD path?query` has the pattern in it."""

    pattern: re.Pattern[str]
    kind: str
    """`status`: the request is refused; `drop`: the connection ends; `hang`: nothing comes."""
    status: int = 503
    times: int | None = 1
    """How many requests are struck; None for all of them until the end."""
    seconds: float | None = None
    """How long it lasts from now on; None for ever."""
    retry_after: float | None = None
    service: str | None = None
    """Only this one: aad, arm, aml or blob."""
    after: bool = False
    """The request takes effect first; only its answer is lost."""
    code: str = ""
    message: str = "injected fault"
    hits: int = 0
    """How many requests were struck so far."""
    started: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        super().__init__()

    def strikes(self, request: Request) -> bool:
        """Say whether this request is struck, and count it."""
        is_over = self.seconds is not None and time.monotonic() > self.started + self.seconds
        if is_over or self.cleared.is_set() or (self.times is not None and self.hits >= self.times):
            return False
        if self.service not in (None, request.service) or not self.pattern.search(request.line):
            return False
        self.hits += 1
        return True

    def happen(self, request: Request, is_stopped: Callable[[], bool]) -> Response:
        """Refuse a request, or hang up."""
        if self.kind == "status":
            code = self.code or CODES.get(self.status, "Injected")
            response = error_reply(request.service, self.status, code, self.message)
            if self.retry_after is not None:
                response.headers["Retry-After"] = f"{self.retry_after:g}"
            return response
        while self.kind == "hang" and not self.cleared.wait(HANG_LOOK_S) and not is_stopped():
            pass
        raise HangUpError


class Faults:
    """All faults that were switched on, first come first served."""

    def __init__(self) -> None:
        self.all: list[Fault] = []
        self.lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on."""
        with self.lock:
            self.all.append(fault)
        return fault

    def find(self, request: Request, *, after: bool) -> Fault | None:
        """Return the fault that strikes a request before or after it takes effect."""
        with self.lock:
            return next(
                (each for each in self.all if each.after == after and each.strikes(request)), None
            )

    def clear(self) -> None:
        """End all faults."""
        for fault in self.all:
            fault.clear()


@dataclass(eq=False)
class Withheld(Clearable):
    """Files of runs that do not arrive: paths `RUN/outputs/...` that have the pattern in them."""

    pattern: re.Pattern[str]
    listed: bool
    """The file is in the lists of the run, but cannot be fetched."""
    looks: int | None = None
    """It arrives after so many looks at it; None for never, or until `clear`."""

    def __post_init__(self) -> None:
        super().__init__()

    def hides(self, path: str, *, in_list: bool) -> bool:
        """Say whether a file is missing for one who asks, and count the look."""
        if self.cleared.is_set() or not self.pattern.search(path):
            return False
        if in_list and self.listed:
            return False
        if self.looks is not None:
            self.looks -= 1
            if self.looks < 0:
                self.clear()
                return False
        return True


@dataclass(eq=False)
class Hold(Clearable):
    """Runs, by a pattern of their ids, that stay in a status until this is cleared."""

    status: str
    runs: re.Pattern[str]

    def __post_init__(self) -> None:
        super().__init__()

    def holds(self, status: str, run_id: str) -> bool:
        """Say whether a run has to stay as it is."""
        return (
            status == self.status and not self.cleared.is_set() and bool(self.runs.search(run_id))
        )
