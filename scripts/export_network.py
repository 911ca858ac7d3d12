"""Write the network of a run for other programs, as ONNX or TorchScript, checked."""

from pathlib import Path

from innereye.configs.stages.export import ExportSettings
from innereye.inference.export import export_network
from innereye.inference.model_folder import reported_checkpoints
from innereye.jobs import job_log, job_settings
from innereye.names import ExportFormat

with job_log(snakemake.log[0]):
    (checkpoint,) = reported_checkpoints(
        [Path(snakemake.params.run)],
        epochs=[int(epoch) for epoch in snakemake.params.epochs],
        has_val=snakemake.params.has_val,
        epoch_json=None,
    )
    export_network(
        checkpoint=checkpoint,
        settings=job_settings(ExportSettings, snakemake.params.settings),
        window=tuple(snakemake.params.window),
        model_name=snakemake.params.model_name,
        export_format=ExportFormat(snakemake.wildcards.format),
        file=Path(snakemake.output.network),
        description=Path(snakemake.output.description),
    )
