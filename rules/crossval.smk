# A rule may be named like a path; shell completion adds the slash of the second name.
for name in (f"{OUTPUTS}/CrossValResults", f"{OUTPUTS}/CrossValResults/"):

    rule:
        name:
            name
        input:
            crossval_targets(),
        localrule: True
