"""Values of all kinds through a real `snakemake --config`, which has a parser of its own."""

from projects import Project

TYPED = {
    "crop_size": "(16,32,16)",
    "norm_method": "Trimmed Norm",
    "trim_percentiles": "[2,98]",
    "shuffle": "off",
    "check_exclusive": "F",
    "inference_on_train_set": "None",
    "mixture_loss_components": '[[0.5, "SoftDice", null], [0.5, CrossEntropy, 0.2]]',
    "fill_holes": "on,0",
    "colours": "[[255, 0, 0], [0, 80, 255]]",
    "comparison_labels": "one,2",
    "group_column": "!!str 0012",
    "min_l_rate": "1e-6",
    "l_rate_multi_step_milestones": "1",
    "random_seed": "",
}
STATED = {
    "crop_size": "[16, 32, 16]",
    "norm_method": "Trimmed Norm",
    "trim_percentiles": "[2.0, 98.0]",
    "shuffle": "False",
    "check_exclusive": "False",
    "inference_on_train_set": "None",
    "mixture_loss_components": "[[0.5, 'SoftDice', None], [0.5, 'CrossEntropy', 0.2]]",
    "fill_holes": "[True, False]",
    "colours": "[[255, 0, 0], [0, 80, 255]]",
    "comparison_labels": "['one', '2']",
    "group_column": "0012",
    "min_l_rate": "1e-06",
    "l_rate_multi_step_milestones": "[1]",
    "random_seed": "42",
}


def stated(project: Project) -> dict[str, str]:
    """Return the settings of the run as args.txt lists them."""
    lines = project.path("outputs", "args.txt").read_text().splitlines()
    pairs = [line.strip().partition(":") for line in lines]
    return {name.strip(): value.strip() for name, _, value in pairs}


def test_values_of_all_kinds_arrive_as_they_were_typed(project: Project) -> None:
    # A table without the column of groups is a fault of its own, so the column is there.
    sheet = project.path("data", "dataset.csv")
    rows = sheet.read_text().splitlines()
    groups = ["0012", *(row.split(",")[0] for row in rows[1:])]
    sheet.write_text("".join(f"{row},{group}\n" for row, group in zip(rows, groups, strict=True)))
    project.succeed("--cores", "1", "outputs/args.txt", **TYPED)
    options = stated(project)
    assert {name: options[name] for name in STATED} == STATED


def test_fields_that_are_left_out_say_what_to_use_instead(project: Project) -> None:
    printed = project.fail("--dry-run", use_model_parallel="on", output_to="x", class_names="a")
    for words in (
        "Tiny: 'use_model_parallel' is left out: it did nothing",
        "Tiny: 'output_to' is called outputs_dir.",
        "Tiny: 'class_names' is a field of classification and regression models",
    ):
        assert words in printed
