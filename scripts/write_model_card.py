"""Write the card of a model into its folder."""

from pathlib import Path

from innereye.configs.stages.card import CardSettings
from innereye.jobs import job_log, job_settings
from innereye.names import Split
from innereye.reports.model_card import write_model_card

with job_log(snakemake.log[0]):
    scored = snakemake.params.scored
    write_model_card(
        Path(snakemake.output.card),
        run_folder=Path(snakemake.params.run_folder),
        scored={Split(split): [Path(run) for run in runs] for split, runs in scored.items()},
        members=[Path(run) for run in snakemake.params.members],
        epochs=[int(epoch) for epoch in snakemake.params.epochs],
        settings=job_settings(CardSettings, snakemake.params.settings),
        named=snakemake.params.named,
        epoch_json=Path(path) if (path := snakemake.input.get("epoch")) else None,
    )
