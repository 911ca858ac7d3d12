"""Put a model, or the members of an ensemble, into one folder with all that they need elsewhere."""

from pathlib import Path

from innereye.inference.model_code import ModelCode
from innereye.inference.model_folder import reported_checkpoints, write_model_folder
from innereye.jobs import job_log

with job_log(snakemake.log[0]):
    extra = snakemake.params.extra_code_directory
    write_model_folder(
        Path(snakemake.output.description).parent,
        reported_checkpoints(
            [Path(run) for run in snakemake.params.members],
            epochs=[int(epoch) for epoch in snakemake.params.epochs],
            has_val=snakemake.params.has_val,
            epoch_json=Path(path) if (path := snakemake.input.get("epoch")) else None,
        ),
        code=ModelCode(Path(extra) if extra else None, Path(snakemake.params.outputs)),
        model_name=snakemake.params.model_name,
        model_configs_namespace=snakemake.params.namespace,
        settings=snakemake.params.settings,
    )
