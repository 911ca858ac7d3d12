# What a whole run, a whole cross-validation, and `snakemake` without a target consist of.


# A rule may be named like a path; shell completion adds the slash of the second name.
for name in (f"{OUTPUTS}/CrossValResults", f"{OUTPUTS}/CrossValResults/"):

    rule:
        name:
            name
        input:
            crossval_targets(),
            published_targets() if CROSSVAL.is_configured else [],
        localrule: True


# A rule that inherits does not inherit its place; on a cluster only what costs leaves this machine.
localrules:
    package_ensemble,
    write_ensemble_card,
