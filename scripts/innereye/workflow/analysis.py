"""Which files compare several runs? Their names, known before any run is there."""

from dataclasses import dataclass
from itertools import chain

from innereye.metrics.runs.run_pairs import drawn_pairs, scatterplot_png
from innereye.metrics.runs.split_plot_names import split_plot_names
from innereye.names import (
    METRIC_COLUMNS,
    METRICS_ACROSS_ALL_RUNS_CSV,
    RESULTS_BY_FOLD_CSV,
    RESULTS_BY_MODE_AND_STRUCTURE_CSV,
    RESULTS_BY_MODE_CSV,
    RUN_DICTIONARY_TXT,
    SCATTERPLOTS,
)

CROSS_VALIDATION = "CrossValidation"
BASELINE_COMPARISON = "BaselineComparison"


@dataclass(frozen=True)
class Analysis:
    """A comparison of runs: where it is written, what it compares, and what it is called.

    `compared` are the runs with scores on the split that tests are made on; `against` those of them
    that every pair has one of, where not all pairs count; `modes` the splits with scores.
    """

    folder: str
    kind: str
    compared: tuple[str, ...]
    structures: tuple[str, ...]
    modes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    with_plots: bool = True
    with_folds: bool = False

    @property
    def table(self) -> str:
        """The table of all rows of all runs."""
        return f"{self.folder}/{METRICS_ACROSS_ALL_RUNS_CSV}"

    @property
    def collected(self) -> dict[str, str]:
        """The tables, by what they hold."""
        names = {
            "table": METRICS_ACROSS_ALL_RUNS_CSV,
            "dictionary": RUN_DICTIONARY_TXT,
            "by_mode": RESULTS_BY_MODE_CSV,
            "by_structure": RESULTS_BY_MODE_AND_STRUCTURE_CSV,
        }
        if self.with_folds:
            names["by_fold"] = RESULTS_BY_FOLD_CSV
        return {key: f"{self.folder}/{name}" for key, name in names.items()}

    @property
    def wilcoxon(self) -> dict[str, str]:
        """The test of the same subjects in two runs: the original's text and a table."""
        stem = f"{self.folder}/{self.kind}WilcoxonSignedRankTestResults"
        return {"wilcoxon": f"{stem}.txt", "paired_tests": f"{stem}.csv"}

    @property
    def statistics(self) -> dict[str, str]:
        """All tests: of two runs on the same subjects, of two institutions in the same run."""
        stem = f"{self.folder}/{self.kind}MannWhitneyTestResults"
        return {**self.wilcoxon, "mann_whitney": f"{stem}.txt", "group_tests": f"{stem}.csv"}

    @property
    def outliers(self) -> dict[str, str]:
        """The outliers of each split: the original's text and a table."""
        kinds = ("txt", "csv")
        return {
            f"{mode}_{kind}": f"{self.folder}/{mode}_outliers.{kind}"
            for mode in self.modes
            for kind in kinds
        }

    @property
    def split_plots(self) -> list[str]:
        """The box plots of all metrics and splits."""
        if not self.with_plots:
            return []
        names = [
            split_plot_names(metric, mode, self.structures)
            for metric in METRIC_COLUMNS
            for mode in self.modes
        ]
        return [f"{self.folder}/{name}" for name in chain.from_iterable(names)]

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The runs on the x axis and the y axis of each scatter plot."""
        return drawn_pairs(self.compared, against=self.against) if self.with_plots else []

    @property
    def scatterplots(self) -> list[str]:
        """The scatter plots, in the order of the pairs."""
        return [f"{self.folder}/{SCATTERPLOTS}/{scatterplot_png(x, y)}" for x, y in self.pairs]

    @property
    def files(self) -> list[str]:
        """All files of a comparison with tests of institutions, outliers and plots."""
        tables = [*self.collected.values(), *self.statistics.values(), *self.outliers.values()]
        return [*tables, *self.split_plots, *self.scatterplots]

    @property
    def baseline_files(self) -> list[str]:
        """All files of a comparison with baselines."""
        return [self.table, *self.wilcoxon.values(), *self.scatterplots]
