"""What is to be known of a Snakemake job before it can become a run?"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from snakemake_interface_common.exceptions import WorkflowError

SECONDS_PER_MINUTE = 60
# What changes from one call to the next and decides no result.
# The folder of the call; a run has a working directory of its own.
FOLDER = re.compile(r"--directory ('[^']*'|\S+)")
PASSING = re.compile(r"--attempt \d+|--cores \S+")
TIMESTAMP = ".snakemake_timestamp"
ADDRESS = re.compile(r"0x[0-9a-f]+")


@dataclass(frozen=True)
class Wishes:
    """The resources by which a rule tells the executor how its jobs run in the cloud."""

    nodes: int = 1
    parent: str = ""
    child: str = ""
    data: str = ""
    """Folder of the data set in the datastore of data sets."""
    data_folder: str = ""
    """Local folder that the job reads, to be uploaded."""
    sources: tuple[str, ...] = ()
    """Further folders of code, relative to the working directory."""
    leaves: tuple[str, ...] = ()
    """Patterns of undeclared results that `download=declared` leaves in the cloud; none: all of them."""
    tags: Mapping[str, str] = field(default_factory=dict)
    parent_tags: Mapping[str, str] = field(default_factory=dict)
    time_limit_s: int | None = None


@dataclass(frozen=True)
class JobFacts:
    """A job, or a group of jobs, as plain values. Paths are relative to the working directory."""

    name: str
    """For people: rule and wildcards."""
    identity: str
    """The same for every try of the job."""
    key: str
    """Stands for rule, parameters and inputs, so for the result."""
    command: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    logs: tuple[str, ...]
    wishes: Wishes


def facts_of(job: Any, command: str, hashes_of_inputs: Mapping[str, str]) -> JobFacts:
    """Return the facts of a Snakemake job; `command` is what runs it elsewhere."""
    jobs = sorted(members(job), key=lambda each: str(each.uuid()))
    outputs = sorted({str(path) for each in jobs for path in each.output})
    gone = passing_outputs(job)
    logs = sorted({str(path) for each in jobs for path in (*each.log, *benchmark_of(each))})
    described = [[each.rule.name, str(each.uuid()), *parameters(each)] for each in jobs]
    inputs = tuple(sorted(hashes_of_inputs))
    return JobFacts(
        name=name_of(job),
        identity=digest([str(each.uuid()) for each in jobs]),
        key=digest([described, outputs, dict(hashes_of_inputs)]),
        command=FOLDER.sub("", command),
        inputs=inputs,
        outputs=tuple(path for path in outputs if path not in gone),
        logs=tuple(logs),
        wishes=wishes_of({**job.resources, "azureml_nodes": nodes_of(jobs)}),
    )


def inputs_of(job: Any) -> list[str]:
    """Return the files that a job, or a group as a whole, reads; of a folder all that are in it.

    Raises:
        WorkflowError: an input lies outside the working directory.
    """
    paths = sorted({str(path) for path in job.input})
    files: set[str] = set()
    for path in paths:
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise WorkflowError(
                f"{name_of(job)}: the input {path} lies outside the working directory, so it cannot be "
                "sent to AzureML. Give a path below the working directory."
            )
        files |= set(files_below(Path(path))) if Path(path).is_dir() else {path}
    return sorted(files)


def files_below(folder: Path) -> Iterator[str]:
    """Yield the files of a folder, but for the one in which Snakemake keeps its time."""
    for path in folder.rglob("*"):
        if path.is_file() and path.name != TIMESTAMP:
            yield path.as_posix()


def members(job: Any) -> Iterator[Any]:
    """Yield the jobs of a group, or the job itself."""
    if job.is_group():
        yield from job.jobs
    else:
        yield job


def passing_outputs(job: Any) -> set[str]:
    """Return the outputs that are gone when the job has ended: temporary ones of a group, and pipes."""
    passing = {str(path) for path in job.dag.get_unneeded_temp_files(job)}
    streams = {
        str(path)
        for each in members(job)
        for path in each.output
        if {"pipe", "service"} & set(getattr(path, "flags", {}))
    }
    return passing | streams


def nodes_of(jobs: Iterable[Any]) -> int:
    """Return how many nodes the jobs of one run take; Snakemake would add up those side by side."""
    return max(int(each.resources.get("azureml_nodes") or 1) for each in jobs)


def name_of(job: Any) -> str:
    """Return the name of a job for people, such as `train_model (run=outputs)`."""
    if job.is_group():
        return f"{job.groupid} ({', '.join(sorted({each.rule.name for each in job.jobs}))})"
    wildcards = ", ".join(f"{name}={value}" for name, value in job.wildcards_dict.items())
    return f"{job.rule.name} ({wildcards})" if wildcards else str(job.rule.name)


def parameters(job: Any) -> list[str]:
    """Return the parameters and the shell command of a job as texts that do not change by themselves."""
    texts = [ADDRESS.sub("", text_of(value)) for value in job.params]
    return [*texts, PASSING.sub("", str(job.shellcmd or "")), code_of(job.rule)]


def text_of(value: object) -> str:
    """Return a value as text; the order of a set is another one in each process."""
    return str(sorted(map(repr, value))) if isinstance(value, (set, frozenset)) else repr(value)


def code_of(rule: Any) -> str:
    """Return the code of a rule that has no shell command: that of `run:`, or its script's own file."""
    script = rule.script or rule.notebook
    if not script:
        return str(rule.run_func_src or "")
    path = Path(script if Path(script).is_absolute() else str(rule.basedir.join(script)))
    return path.read_text(encoding="utf-8") if path.is_file() else str(script)


def benchmark_of(job: Any) -> list[str]:
    """Return the file of a job's benchmark, if it makes one."""
    return [str(job.benchmark)] if job.benchmark else []


def wishes_of(resources: Mapping[str, Any]) -> Wishes:
    """Return what a rule wants, from its resources.

    Raises:
        WorkflowError: `azureml_tags` is no JSON object.
    """
    runtime = resources.get("runtime")
    return Wishes(
        nodes=int(resources.get("azureml_nodes") or 1),
        parent=str(resources.get("azureml_parent") or ""),
        child=str(resources.get("azureml_child") or ""),
        data=str(resources.get("azureml_data") or ""),
        data_folder=str(resources.get("azureml_data_folder") or ""),
        sources=tuple(str(resources.get("azureml_sources") or "").split()),
        leaves=tuple(str(resources.get("azureml_leaves") or "").split()),
        tags=tags_of(str(resources.get("azureml_tags") or "{}")),
        parent_tags=tags_of(str(resources.get("azureml_parent_tags") or "{}")),
        time_limit_s=int(runtime) * SECONDS_PER_MINUTE if runtime else None,
    )


def tags_of(text: str) -> dict[str, str]:
    """Return the tags that a JSON object states."""
    try:
        return {str(name): str(value) for name, value in json.loads(text).items()}
    except (ValueError, AttributeError):
        raise WorkflowError(
            f"The resource azureml_tags must be a JSON object; got {text!r}."
        ) from None


def digest(value: object) -> str:
    """Return a hash of plain values."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:24]
