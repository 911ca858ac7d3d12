"""Can jobs run in the workspace, and if not, what is to be done? One finding per subject.

Nothing is made or changed in the workspace, and no secret is shown.
"""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from snakemake_executor_plugin_azureml.credentials import hide_secrets, service_principal
from snakemake_executor_plugin_azureml.options import Options, SettingsError
from snakemake_executor_plugin_azureml.workspace import (
    Cluster,
    Mount,
    NotFoundError,
    Workspace,
    WorkspaceError,
)

logger = logging.getLogger(__name__)

READY = "Succeeded"
# No such folder exists: the look-up shows that the datastore can be read, and costs nothing.
PROBE = ".azureml-doctor"

# What the service says when it has no machines, and what helps.
REFUSALS = (
    (
        r"quota|core ?limit|cores? .*exceed|exceed.* cores?",
        "The subscription has no quota left for machines of this kind: ask for more in the portal "
        "(workspace, Usage + quotas), or make a cluster of another VM size.",
    ),
    (
        r"capacity|allocationfailed|skunotavailable|not available in",
        "The region has no such machines free at present: try later, or make a cluster of another VM "
        "size or region.",
    ),
    (
        r"authoriz|permission|forbidden",
        "The identity may not make machines: it needs the role Contributor (or AzureML Data Scientist) "
        "in the workspace.",
    ),
)


class Verdict(StrEnum):
    """What a finding says of its subject."""

    OK = "ok"
    WRONG = "wrong"
    NOTE = "note"
    """Works, but may surprise."""
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    subject: str
    verdict: Verdict
    text: str

    def __str__(self) -> str:
        """Return the line as it is printed."""
        return f"{self.verdict:<8}{self.subject + ':':<14}{self.text}"


def report(findings: Iterable[Finding]) -> bool:
    """Log each finding as soon as it is known; return whether jobs can run."""
    verdicts = []
    for finding in findings:
        logger.info("%s", finding)
        verdicts.append(finding.verdict)
    return Verdict.WRONG not in verdicts


def diagnose(
    resolve: Callable[[], Options],
    connect: Callable[[Options], Workspace],
    environ: Mapping[str, str],
) -> Iterator[Finding]:
    """Give the findings one after the other, always in the same order.

    `resolve` returns the options, `connect` signs in; what they raise is told and not raised.
    """
    for finding in _findings(resolve, connect, environ):
        yield Finding(finding.subject, finding.verdict, hide_secrets(finding.text, environ))


def _findings(
    resolve: Callable[[], Options],
    connect: Callable[[Options], Workspace],
    environ: Mapping[str, str],
) -> Iterator[Finding]:
    try:
        options = resolve()
    except SettingsError as error:
        yield from (Finding("settings", Verdict.WRONG, fault) for fault in error.faults)
        yield Finding("workspace", Verdict.SKIPPED, "the settings come first.")
        return
    yield Finding("settings", Verdict.OK, _where_settings_stand(options))
    yield from (Finding("settings", Verdict.NOTE, note) for note in options.notes)
    yield Finding("experiment", Verdict.OK, f"{options.experiment}.")
    yield _sign_in(options, environ)
    try:
        workspace = connect(options)
    except (WorkspaceError, ImportError) as error:
        yield Finding("workspace", Verdict.WRONG, str(error))
        rest = "cluster, datastores and environment were not looked at: the workspace comes first."
        yield Finding("cluster", Verdict.SKIPPED, rest)
        return
    yield Finding("workspace", Verdict.OK, _workspace_text(options))
    yield from _told("cluster", lambda: list(_look_at_cluster(workspace, options.cluster)))
    for subject, name in (
        ("datastore", options.datastore),
        ("data sets", options.datasets_datastore),
    ):
        yield from _told(subject, lambda s=subject, n=name: [_look_at_datastore(workspace, s, n)])
    yield from _told("environment", lambda: [_look_at_image(workspace, options)])


def _told(subject: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    """Return the findings of a look, or that it failed: the next one may still succeed."""
    try:
        return look()
    except WorkspaceError as error:
        return [Finding(subject, Verdict.WRONG, str(error))]


def _where_settings_stand(options: Options) -> str:
    file = f"{options.settings_file} and " if options.settings_file else ""
    return f"read from {file}options and environment variables."


def _workspace_text(options: Options) -> str:
    return f"{options.workspace} (resource group {options.resource_group}) answers."


def _sign_in(options: Options, environ: Mapping[str, str]) -> Finding:
    principal = service_principal(
        environ, tenant_id=options.tenant_id, application_id=options.application_id
    )
    if principal is None:
        text = (
            "no APPLICATION_KEY or AZURE_CLIENT_SECRET in the environment; the sign-in of the Azure "
            "command line (az login) or the identity of this machine is used."
        )
        return Finding("sign-in", Verdict.NOTE, text)
    text = f"service principal {principal.application_id}, secret from {principal.origin}."
    return Finding("sign-in", Verdict.OK, text)


def _look_at_cluster(workspace: Workspace, name: str) -> Iterator[Finding]:
    clusters = {cluster.name: cluster for cluster in workspace.clusters()}
    names = ", ".join(sorted(clusters)) or "none"
    if not name:
        text = f"none is stated: use --azureml-cluster NAME or settings.yml. There are: {names}."
        yield Finding("cluster", Verdict.WRONG, text)
    elif name not in clusters:
        text = f"the workspace has no cluster {name}. Its clusters: {names}."
        yield Finding("cluster", Verdict.WRONG, text)
    else:
        yield _verdict_on(clusters[name])
        yield from _surprises(clusters[name])


def _verdict_on(cluster: Cluster) -> Finding:
    found = f"{cluster.name} ({cluster.vm_size}, {cluster.min_nodes} to {cluster.max_nodes} nodes)"
    if cluster.state == READY and not cluster.error and cluster.max_nodes > 0:
        return Finding("cluster", Verdict.OK, f"{found}.")
    if cluster.max_nodes < 1 and not cluster.error:
        text = f"{found} can never have a node: set its maximum in the portal (workspace, Compute)."
        return Finding("cluster", Verdict.WRONG, text)
    state = "gets no nodes" if cluster.state == READY else f"is not ready: it is {cluster.state}"
    said = f" The service says: {cluster.error.rstrip('.')}." if cluster.error else ""
    text = f"{found} {state}.{said}{_advice(cluster.error)}"
    return Finding("cluster", Verdict.WRONG, text)


def _advice(error: str) -> str:
    """Return what helps against a refusal of the service; nothing for one that is not known."""
    for words, advice in REFUSALS:
        if re.search(words, error, re.IGNORECASE):
            return f" {advice}"
    return ""


def _surprises(cluster: Cluster) -> Iterator[Finding]:
    if cluster.min_nodes > 0:
        text = (
            f"{cluster.name} keeps {cluster.min_nodes} nodes running, and paid for, without jobs."
        )
        yield Finding("cluster", Verdict.NOTE, text)
    # Azure's families of machines with a GPU all begin with N.
    if not re.match(r"(standard|basic)_n", cluster.vm_size, re.IGNORECASE):
        text = f"{cluster.vm_size} seems to have no GPU."
        yield Finding("cluster", Verdict.NOTE, text)


def _look_at_datastore(workspace: Workspace, subject: str, name: str) -> Finding:
    known = list(workspace.datastores())
    datastore = name or next(iter(known), "")
    try:
        workspace.list_blobs(Mount(datastore, PROBE))
    except NotFoundError:
        text = f"the workspace has no datastore {datastore}. Some that it has: {', '.join(known)}."
        return Finding(subject, Verdict.WRONG, text)
    default = "" if name else " (the default one)"
    return Finding(subject, Verdict.OK, f"{datastore}{default} can be read.")


def _look_at_image(workspace: Workspace, options: Options) -> Finding:
    if options.environment:
        if workspace.environment_exists(options.environment):
            return Finding("environment", Verdict.OK, f"{options.environment} is there.")
        text = (
            f"the workspace has no environment {options.environment}: register it, or leave the option "
            "out to build one from the conda file."
        )
        return Finding("environment", Verdict.WRONG, text)
    return _look_at_conda_file(options.conda_file, options.docker_image)


def _look_at_conda_file(file: Path | None, image: str) -> Finding:
    base = f" on {image}" if image else ""
    if file is None:
        text = "neither --azureml-environment nor --azureml-conda-file is stated."
        return Finding("environment", Verdict.WRONG, text)
    if not file.is_file():
        return Finding("environment", Verdict.WRONG, f"there is no conda file {file}.")
    if "snakemake" not in file.read_text(encoding="utf-8", errors="replace"):
        text = f"{file} does not name snakemake, which runs the jobs on the cluster."
        return Finding("environment", Verdict.WRONG, text)
    text = f"built from {file}{base} by the first run, which takes some minutes."
    return Finding("environment", Verdict.OK, text)
