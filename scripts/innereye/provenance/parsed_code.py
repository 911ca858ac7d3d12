"""What was found in source files before? Parsing them all takes longer than the rest of a dry run."""

import hashlib
import importlib.util
import inspect
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from innereye.io.files import atomic_write
from innereye.provenance import tokens
from innereye.provenance.tokens import code_of, imported_names

# Beside Python's own compiled files, which are of the same kind: made anew whenever they are gone.
BESIDE_COMPILED = Path(importlib.util.cache_from_source(__file__)).with_name("parsed_code.json")
# Another Python may tokenise in another way, and so may other rules of ours.
PYTHON = ".".join(map(str, sys.version_info[:2]))
RULES = hashlib.sha256(inspect.getsource(tokens).encode()).hexdigest()

# Some ten versions of the library; the oldest go first.
MOST_KEPT = 3000


@dataclass(frozen=True)
class ParsedCode:
    """A hash over the tokens of a source text, and the names that it imports."""

    tokens: str
    imports: tuple[str, ...]


class ParsedFiles:
    """Source files, parsed or remembered by a hash of their content."""

    def __init__(self, memory: Path = BESIDE_COMPILED) -> None:
        self._memory = memory
        self._known = _read(memory)
        self._seen: dict[Path, ParsedCode] = {}
        self._is_new = False

    def of(self, path: Path, *, without_constructors: bool = False) -> ParsedCode:
        """Return what a file holds; a file is read once."""
        if path not in self._seen:
            self._seen[path] = self._of(path.read_bytes(), without_constructors)
        return self._seen[path]

    def remember(self) -> None:
        """Keep what is new for later processes; where nothing can be written, they parse again."""
        if not self._is_new or sys.dont_write_bytecode:
            return
        self._is_new = False
        content = {key: asdict(parsed) for key, parsed in list(self._known.items())[-MOST_KEPT:]}
        try:
            with atomic_write(self._memory) as temporary:
                temporary.write_text(json.dumps(content, indent=0), encoding="utf-8")
        except OSError:
            return

    def _of(self, source: bytes, without_constructors: bool) -> ParsedCode:
        kind = f"{PYTHON} {RULES} {without_constructors}\n".encode()
        key = hashlib.sha256(kind + source).hexdigest()
        if key not in self._known:
            text = source.decode("utf-8")
            kept = code_of(text, without_constructors=without_constructors)
            digest = hashlib.sha256(kept.encode()).hexdigest()
            self._known[key] = ParsedCode(digest, tuple(imported_names(text)))
            self._is_new = True
        return self._known[key]


def _read(memory: Path) -> dict[str, ParsedCode]:
    """Return what earlier processes have found; a file that cannot be used counts as none."""
    try:
        content = json.loads(memory.read_text(encoding="utf-8"))
        return {
            key: ParsedCode(str(parsed["tokens"]), tuple(map(str, parsed["imports"])))
            for key, parsed in content.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
