"""How do jobs that cost run on a cluster? What their rules tell Snakemake's executor.

The names of the resources are those of the AzureML executor; on one machine none is stated.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from innereye.workflow.data_folders import extra_places
from innereye.workflow.identity import to_json
from innereye.workflow.plan import Plan
from innereye.workflow.recovery import source_of

RUNS = "azureml_runs"
"""Global resource of the profile: so many runs at once. Whoever states it runs on the cluster."""
VOLUMES = "*.nii.gz"
Resource = Callable[[Any], str | int]


@dataclass(frozen=True, eq=False)
class Cluster:
    """The jobs of a plan as runs on a cluster; `is_used` says whether there is one.

    `leaves_volumes`: segmented volumes stay in the cloud, so what reads them must run there.
    """

    plan: Plan
    is_used: bool
    leaves_volumes: bool = False

    @property
    def complaint(self) -> str:
        """Say what cannot be done here; empty where all can."""
        if self._has_nodes and not self.is_used:
            nodes = self.plan.field("num_nodes")
            return (
                f"num_nodes={nodes} needs a cluster, and this call has one machine: add --profile "
                "azureml, or leave num_nodes out."
            )
        if self.is_used and extra_places(self.plan.model):
            return (
                "use_extra_datasets reads several folders of this machine, and a node of a cluster gets "
                "one data set: copy them into one, or leave --profile azureml out."
            )
        return ""

    @property
    def keeps_data_here(self) -> bool:
        """Must rules that read images, but need no GPU, run on this machine?"""
        return self.is_used and self.plan.data_is_local and not self.leaves_volumes

    def group(
        self, *, trains: bool = False, reads_images: bool = False
    ) -> Callable[[Any], str] | None:
        """Return what names the group of a rule's jobs, which are one run; none on one machine.

        Training and inference of one model are one run, as is what `reads_images` where the images
        are not here. Training on several nodes is a run of its own, as inference takes one node.
        """
        if not self.is_used or (reads_images and self.keeps_data_here):
            return None  # Snakemake takes a rule with a group for one that is not local
        suffix = "_training" if trains and self._has_nodes else ""
        return lambda wildcards: f"run_{Path(wildcards.run).name.lower()}{suffix}"

    def resources(self, *, trains: bool = False) -> dict[str, Resource | int | str]:
        """Return the resources of a rule; those that depend on the run take its wildcards."""
        if not self.is_used:
            return {}
        plan = self.plan
        data, folder = plan.azureml_data, plan.azureml_data_folder
        return {
            **({RUNS: 1, "azureml_nodes": plan.field("num_nodes")} if trains else {}),
            "azureml_parent": lambda wildcards: self.parent(wildcards.run),
            "azureml_child": lambda wildcards: self.child(wildcards, trains=trains),
            "azureml_tags": lambda wildcards: to_json(self.tags(wildcards.run)),
            "azureml_parent_tags": to_json(self.tags(plan.outputs)),
            "azureml_leaves": VOLUMES,
            "azureml_sources": " ".join(self._code_folders),
            **({"azureml_data": data} if data else {"azureml_data_folder": folder}),
        }

    @property
    def resources_of_scan(self) -> dict[str, str]:
        """Return the resources of the rule that segments one scan, which needs no data set."""
        tags = {"model_name": self.plan.field("model_id"), "execution_mode": "Test"}
        stated = {name: value for name, value in tags.items() if value}
        # A node reads the user's config, too, which may name code.
        code = {"azureml_sources": " ".join(self._code_folders)}
        return {**code, "azureml_tags": to_json(stated)} if self.is_used else {}

    def parent(self, run: str) -> str:
        """Return the name of the run that holds those of a cross-validation; empty for one model."""
        return "" if run == self.plan.outputs else self.plan.crossval.folder

    def child(self, wildcards: Any, *, trains: bool = False) -> str:
        """Return what a run is called below its parent: a fold by its number.

        Inference without training is named by its split and epoch too.
        """
        run = wildcards.run
        if not self.parent(run):
            return ""
        name = Path(run).name.lower()
        is_alone = not trains and (self._has_nodes or run == self.plan.crossval.ensemble)
        return f"{name}_{wildcards.split.lower()}_{wildcards.epoch}" if is_alone else name

    def tags(self, run: str) -> dict[str, str]:
        """Return what InnerEye writes on a run of AzureML, by its names."""
        plan, is_fold = self.plan, run in self.plan.crossval.folds
        tags = {
            "model_name": plan.model_name,
            "execution_mode": "Train" if plan.trains else "Test",
            "recovered_from": source_of(plan),
            "cross_validation_split_index": Path(run).name if is_fold else "-1",
        }
        if is_fold:
            seed = plan.field("random_seed") + int(Path(run).name)
            tags["effective_random_seed"] = str(seed)
        return {name: value for name, value in tags.items() if value}

    @property
    def _has_nodes(self) -> bool:
        return self.plan.field("num_nodes") > 1

    @property
    def _code_folders(self) -> list[str]:
        folder, data = self.plan.settings.extra_code_directory, self.plan.data
        folders = [folder] if folder else []
        # With the list of its files, a node need not look at each of a mounted data set.
        folders += [data.copy] if data.is_in_cloud and data.copy.is_dir() else []
        return [str(each) for each in folders]
