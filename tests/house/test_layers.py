"""Do imports only point down? The order of the rooms, function-local imports included."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

LIBRARY = "innereye"
ROOMS = (
    {"workflow", "jobs"},
    {"reports"},
    {"training", "inference"},
    {"models", "losses", "transforms"},
    {"data"},
    {"configs"},
    {"metrics"},
    {"provenance"},
    {"io"},
    {"scalar_architectures"},
    {"architectures"},
    {"names", "scalar_names", "errors"},
)
FLOOR = {room: floor for floor, rooms in enumerate(ROOMS) for room in rooms}

# Plain numbers in: what computes on tensors knows neither settings nor files.
NEVER = {room: {"configs", "io"} for room in ("models", "losses", "transforms")}

FOREIGN = ("azure", "azureml", "snakemake", "snakemake_executor_plugin_azureml", "msrest")
SLOW_TO_IMPORT = ("monai", "torchvision")
LIGHTNING = ("pytorch_lightning", "lightning", "lightning_fabric")
WITHOUT_TORCH = (
    "configs",
    "workflow",
    "jobs",
    "reports",
    "metrics",
    "io",
    "provenance",
    "scalar_architectures",
    "architectures",
    "names",
    "scalar_names",
    "errors",
)
PLUGIN = "snakemake_executor_plugin_azureml"

# The one place of the plugin that knows azureml. Others reach it by its `connect`.
BOUNDARY = f"{PLUGIN}.azureml_workspace"
ENTRANCES = (f"{BOUNDARY}.connect", f"{BOUNDARY}.patience")
BELOW_BOUNDARY = tuple(
    f"{PLUGIN}.{name}" for name in ("workspace", "options", "credentials", "git_state")
)
AZURE = ("azure", "azureml", "msal", "msrest", "msrestazure")


@dataclass(frozen=True)
class Import:
    """One imported module of one file; `at_run_time` is false under `if TYPE_CHECKING`."""

    importer: str
    imported: str
    where: str
    at_run_time: bool


def module_name(file: Path, scripts: Path) -> str:
    parts = file.relative_to(scripts).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(file: Path, scripts: Path) -> Iterator[Import]:
    tree = ast.parse(file.read_text(encoding="utf-8"), filename=str(file))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")
        for statement in node.body
        for inner in ast.walk(statement)
    }
    name = module_name(file, scripts)
    for node in ast.walk(tree):
        for imported in imported_names(node, name, is_package=file.name == "__init__.py"):
            where = f"{file.relative_to(scripts)}:{getattr(node, 'lineno', 0)}"
            yield Import(name, imported, where, id(node) not in typing_only)


def imported_names(node: ast.AST, importer: str, *, is_package: bool) -> list[str]:
    """`from a import b` gives `a` and `a.b`, since b may be a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            parts = importer.split(".")
            kept = parts[: len(parts) - node.level + (1 if is_package else 0)]
            base = ".".join([*kept, *([node.module] if node.module else [])])
        return [base, *(f"{base}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
        ("import_module", "__import__")
    ):
        return [arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)]
    return []


def all_imports(scripts: Path, package: str = LIBRARY) -> list[Import]:
    files = sorted((scripts / package).rglob("*.py"))
    return [found for file in files for found in imports_of(file, scripts)]


def is_part_of(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def room_of(module: str) -> str | None:
    """Return the room of a module; None for the package itself and for foreign modules."""
    parts = module.split(".")
    return parts[1] if parts[0] == LIBRARY and len(parts) > 1 else None


def upward_imports(scripts: Path) -> list[str]:
    faults = []
    for found in all_imports(scripts):
        importer, imported = room_of(found.importer), room_of(found.imported)
        if importer is None or imported is None or importer == imported:
            continue
        unknown = {importer, imported} - FLOOR.keys()
        if unknown:
            faults.append(f"{found.where}: {', '.join(sorted(unknown))} is no room of the house")
        elif FLOOR[importer] >= FLOOR[imported] or imported in NEVER.get(importer, ()):
            faults.append(f"{found.where}: {importer} may not import {imported}")
    return sorted(set(faults))


def foreign_imports(scripts: Path) -> list[str]:
    faults = [
        f"{found.where}: nothing in {LIBRARY} imports {found.imported}"
        for found in all_imports(scripts)
        if is_part_of(found.imported, *FOREIGN, *SLOW_TO_IMPORT)
    ]
    faults += [
        f"{found.where}: Lightning lives in training and nowhere else"
        for found in all_imports(scripts)
        if is_part_of(found.imported, *LIGHTNING) and room_of(found.importer) != "training"
    ]
    faults += [
        f"{found.where}: the executor plugin imports nothing of {LIBRARY}"
        for found in all_imports(scripts, PLUGIN)
        if is_part_of(found.imported, LIBRARY)
    ]
    return sorted(set(faults))


def plugin_imports(scripts: Path) -> list[str]:
    """Inside the plugin: azureml in one place, and there only when it is needed; no rings."""
    found = all_imports(scripts, PLUGIN)
    faults = [
        f"{each.where}: {each.imported} is imported in {BOUNDARY} and nowhere else"
        for each in found
        if is_part_of(each.imported, *AZURE) and not is_part_of(each.importer, BOUNDARY)
    ]
    faults += [
        f"{each.where}: only {' and '.join(ENTRANCES)} are imported from outside"
        for each in found
        if is_part_of(each.imported, BOUNDARY)
        and not is_part_of(each.importer, BOUNDARY)
        and not is_part_of(each.imported, *ENTRANCES)
    ]
    faults += [
        f"{each.where}: {BOUNDARY} may not import {each.imported}"
        for each in found
        if is_part_of(each.importer, BOUNDARY)
        and each.imported != PLUGIN
        and is_part_of(each.imported, PLUGIN)
        and not is_part_of(each.imported, BOUNDARY, *BELOW_BOUNDARY)
    ]
    return sorted({*faults, *early_imports(scripts), *rings(found)})


def early_imports(scripts: Path) -> list[str]:
    """Importing azureml takes a second, and Snakemake imports the plugin in every call."""
    faults = []
    for file in sorted((scripts / PLUGIN).rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        late = {id(inner) for function in functions for inner in ast.walk(function)}
        faults += [
            f"{file.relative_to(scripts)}:{getattr(node, 'lineno', 0)}: import {name} in a function"
            for node in ast.walk(tree)
            if id(node) not in late
            for name in imported_names(node, module_name(file, scripts), is_package=False)
            if is_part_of(name, *AZURE)
        ]
    return faults


def rings(imports: list[Import]) -> list[str]:
    """Return the modules that import themselves in the end."""
    modules = {each.importer for each in imports}
    graph: dict[str, set[str]] = {}
    for each in imports:
        if each.at_run_time and each.imported in modules - {PLUGIN}:
            graph.setdefault(each.importer, set()).add(each.imported)

    def reached(start: str) -> set[str]:
        seen: set[str] = set()
        waiting = [start]
        while waiting:
            following = graph.get(waiting.pop(), set()) - seen
            seen |= following
            waiting += following
        return seen

    return [f"{module} imports itself in the end" for module in graph if module in reached(module)]


def ways_to_torch(scripts: Path) -> list[str]:
    """Return each module of a room without torch from which a chain of imports leads to torch."""
    graph: dict[str, set[str]] = {}
    for found in all_imports(scripts):
        if found.at_run_time:
            # Importing a.b.c imports a and a.b as well.
            parts = found.imported.split(".")
            chain = {".".join(parts[:end]) for end in range(1, len(parts) + 1)}
            graph.setdefault(found.importer, set()).update(chain)
    starts = sorted(module for module in graph if room_of(module) in WITHOUT_TORCH)
    ways = [(start, way_to_torch(graph, start)) for start in starts]
    return [f"{start} reaches torch: {' > '.join(way)}" for start, way in ways if way]


def way_to_torch(graph: dict[str, set[str]], start: str) -> list[str]:
    waiting, seen = [[start]], {start}
    while waiting:
        way = waiting.pop(0)
        for following in sorted(graph.get(way[-1], ())):
            if is_part_of(following, "torch", *LIGHTNING):
                return [*way, following]
            if following in graph and following not in seen:
                seen.add(following)
                waiting.append([*way, following])
    return []


@pytest.mark.parametrize("law", [upward_imports, foreign_imports, plugin_imports, ways_to_torch])
def test_the_house_keeps_the_law(law, repository):
    faults = law(repository / "scripts")
    assert not faults, "\n".join(faults)


def test_every_room_has_a_floor(repository):
    library = repository / "scripts" / LIBRARY
    rooms = {path.stem for path in library.iterdir() if not path.name.startswith("__")}
    assert rooms <= FLOOR.keys()


@pytest.mark.parametrize(
    ("law", "file", "text"),
    [
        (upward_imports, "innereye/io/image.py", "from innereye.data import dataset"),
        (upward_imports, "innereye/io/image.py", "from innereye import data"),
        (upward_imports, "innereye/io/image.py", "from ..data import dataset"),
        (upward_imports, "innereye/io/image.py", "from .. import data"),
        (upward_imports, "innereye/io/image.py", "def f():\n    import innereye.data.dataset"),
        (upward_imports, "innereye/training/fit.py", "import innereye.inference.segment"),
        (upward_imports, "innereye/losses/dice.py", "from innereye.models.build import x"),
        (upward_imports, "innereye/losses/dice.py", "from innereye.configs.values import x"),
        (upward_imports, "innereye/metrics/dice.py", "from innereye.configs.values import x"),
        (upward_imports, "innereye/names.py", "from innereye.errors import ConfigError"),
        (upward_imports, "innereye/data/x.py", "from innereye.cellar import wine"),
        (foreign_imports, "innereye/workflow.py", "from snakemake.io import Wildcards"),
        (foreign_imports, "innereye/data/fetch.py", "def f():\n    from azureml.core import Run"),
        (foreign_imports, "innereye/data/fetch.py", "import azure.storage"),
        (foreign_imports, "innereye/losses/dice.py", "import monai.losses"),
        (foreign_imports, "innereye/models/x.py", "f = importlib.import_module('azure')"),
        (foreign_imports, "innereye/models/unet3d.py", "from pytorch_lightning import Trainer"),
        (foreign_imports, f"{PLUGIN}/jobs.py", "from innereye.names import Split"),
        (plugin_imports, f"{PLUGIN}/runs.py", "def f():\n    from azureml.core import Run"),
        (plugin_imports, f"{PLUGIN}/azureml_workspace/x.py", "from azureml.core import Run"),
        (plugin_imports, f"{PLUGIN}/azureml_workspace/x.py", f"import {PLUGIN}.executor"),
        (plugin_imports, f"{PLUGIN}/runs.py", f"from {BOUNDARY}.runs import Runs"),
        (plugin_imports, f"{PLUGIN}/runs.py", f"from {BOUNDARY} import runs"),
        (plugin_imports, f"{PLUGIN}/runs.py", f"def f():\n    import {PLUGIN}.runs"),
        (ways_to_torch, "innereye/configs/fields.py", "from innereye.metrics import net"),
        (ways_to_torch, "innereye/workflow.py", "def f():\n    from innereye.metrics import net"),
    ],
)
def test_a_break_of_the_law_is_found(law, file, text, tmp_path):
    for path, content in {"innereye/metrics/net.py": "import torch.nn", file: text}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(content, encoding="utf-8")
    assert any(file.removesuffix(".py") in fault.replace(".", "/") for fault in law(tmp_path))


def test_the_plugin_may_enter_its_workspace_by_the_door(tmp_path):
    files = {
        "launcher.py": f"from {ENTRANCES[0]} import connect",
        "azureml_workspace/connect.py": f"from {PLUGIN}.options import Options",
        "azureml_workspace/a.py": "def f():\n    from azureml.core import Run",
    }
    for path, text in files.items():
        (tmp_path / PLUGIN / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / PLUGIN / path).write_text(text, encoding="utf-8")
    assert plugin_imports(tmp_path) == []


def test_types_alone_do_not_reach_torch(tmp_path):
    file = tmp_path / "innereye" / "configs" / "hooks.py"
    file.parent.mkdir(parents=True)
    file.write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import torch\n")
    assert ways_to_torch(tmp_path) == []
