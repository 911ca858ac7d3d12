"""What does it mean that the service did not do what was asked, and does it pass?"""

# 530 is the service's own: a node behind its gateway is still coming up.
PASSING = frozenset({408, 429, 500, 502, 503, 504, 530})


class RefusedError(Exception):
    """An answer that is none; `status` is None where no answer came at all."""

    def __init__(
        self, status: int | None, words: str, *, retry_after_s: float | None = None, code: str = ""
    ) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
        self.retry_after_s = retry_after_s
        self.code = code
        """The service's name for the mistake, such as BlobNotFound."""

    @property
    def passes(self) -> bool:
        """Is another try worth it?"""
        return self.status is None or self.status in PASSING
