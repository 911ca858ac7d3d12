"""Which options does this call of Snakemake have, while its Snakefile is still being parsed?

Snakemake hands its executor the options only later. What a Snakefile needs before, such as the table of
a data set in the cloud, is found by reading the command line and its profiles once more.
"""

import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from snakemake_executor_plugin_azureml.options import Options, SettingsError, resolve_options
from snakemake_executor_plugin_azureml.settings import ExecutorSettings

PROGRAM = "snakemake"
EXECUTOR = "azureml"


def options_of_call(argv: Sequence[str] | None = None, folder: Path | None = None) -> Options:
    """Return the options of the command line, its profiles, the environment and the settings files.

    `argv` is the command line with the name of the program, `folder` the working directory. What
    starting runs needs beyond the workspace may be missing.

    Raises:
        SettingsError: the options do not fit together.
    """
    stated = settings_of_command(sys.argv if argv is None else argv)
    known = vars(stated) if stated else {}
    # Options of the command line win over variables; as variables they need nothing of a start of runs.
    variables = {f"SNAKEMAKE_AZUREML_{name.upper()}": str(value) for name, value in known.items()}
    stated_variables = {name: value for name, value in variables.items() if value}
    return resolve_options(None, {**os.environ, **stated_variables}, folder or Path.cwd())


def leaves_volumes(argv: Sequence[str] | None = None) -> bool:
    """Does what no rule declares stay in the cloud (`--azureml-download declared`)?

    Faulty options are told by whoever needs them; here they mean no.
    """
    try:
        return options_of_call(argv).download == "declared"
    except SettingsError:
        return False


def settings_of_command(argv: Sequence[str]) -> ExecutorSettings | None:
    """Return what a command line of Snakemake states; None where another program holds Snakemake."""
    program = Path(argv[0] if argv else "")
    if PROGRAM not in (program.name, program.parent.name if program.stem == "__main__" else ""):
        return None
    # Imported late: a process that is no command of Snakemake has no use for its parser.
    from snakemake.cli import parse_args  # noqa: PLC0415
    from snakemake_interface_executor_plugins.registry import (  # noqa: PLC0415
        ExecutorPluginRegistry,
    )

    plugins = ExecutorPluginRegistry()
    if not plugins.is_installed(EXECUTOR):
        return None
    with contextlib.redirect_stderr(io.StringIO()):  # the profiles have been named already
        _, args = parse_args(list(argv[1:]))
    settings = plugins.get_plugin(EXECUTOR).get_settings(args)
    return settings if isinstance(settings, ExecutorSettings) else None


def is_snakemake(program: Path) -> bool:
    """Is this the command `snakemake`, or what `python -m snakemake` runs?"""
    return program.name == "snakemake" or program.parts[-2:] == ("snakemake", "__main__.py")
