"""Which runs does a query mean? The part of OData's filters that azureml-core writes."""

import re
from typing import Any

from azureml_emulator.exchange import HttpError

WORD = re.compile(r'\s*(?:([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))')


def matches(record: dict[str, Any], text: str) -> bool:
    """Evaluate `eq` and `ne` on fields, Tags/NAME and Properties/NAME, joined by and, or, brackets."""
    return _Reader(record, text).read()


class _Reader:
    """Reads an expression from left to right; `and` binds closer than `or`."""

    def __init__(self, record: dict[str, Any], text: str) -> None:
        self.record, self.text = record, text
        self.words = [
            (found[1] or found[3] or "", found[2]) for found in WORD.finditer(text)
        ]  # a bare word, or what stood in quotes

    def read(self) -> bool:
        verdict = self._alternatives()
        if self.words:
            self._fail()
        return verdict

    def _alternatives(self) -> bool:
        verdicts = [self._together()]
        while self._take("or"):
            verdicts.append(self._together())
        return any(verdicts)

    def _together(self) -> bool:
        verdicts = [self._claim()]
        while self._take("and"):
            verdicts.append(self._claim())
        return all(verdicts)

    def _claim(self) -> bool:
        if self._take("("):
            verdict = self._alternatives()
            if not self._take(")"):
                self._fail()
            return verdict
        if len(self.words) < 3:
            self._fail()
        (name, _), (operator, _), (bare, quoted) = self.words[:3]
        del self.words[:3]
        if operator not in ("eq", "ne"):
            self._fail()
        wanted = None if quoted is None and bare == "null" else (bare if quoted is None else quoted)
        value = self._value(name)
        is_equal = value is None if wanted is None else value is not None and str(value) == wanted
        return is_equal == (operator == "eq")

    def _value(self, name: str) -> Any:
        group, _, key = name.partition("/")
        value = self.record.get(group[:1].lower() + group[1:])
        return (value or {}).get(key) if key else value

    def _take(self, word: str) -> bool:
        if self.words and self.words[0] == (word, None):
            del self.words[0]
            return True
        return False

    def _fail(self) -> None:
        raise HttpError(501, "NotEmulated", f"filter {self.text!r}")
