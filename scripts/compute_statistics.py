"""Test which differences between runs, and between institutions, are more than chance."""

from pathlib import Path

from innereye.configs.stages.statistics import StatisticsSettings
from innereye.jobs import job_log, job_settings
from innereye.metrics.statistics.statistics_files import write_statistics

with job_log(snakemake.log[0]):
    settings = job_settings(StatisticsSettings, snakemake.params.settings)
    write_statistics(
        Path(snakemake.input.table),
        mode=settings.evaluation_set_name,
        level=settings.wilcoxon_test_p_value,
        against=snakemake.params.against,
        only_shared_subjects=snakemake.params.only_shared_subjects,
        files={name: Path(path) for name, path in snakemake.output.items()},
    )
