# Results beside those that a user expects.


rule compare_with_expected:
    input:
        expected=expected_inputs,
        results=lambda w: compared_targets(),
    output:
        text=EXPECTED,
    log:
        f"{OUTPUTS}/logs/compare_with_expected.log",
    localrule: True
    conda:
        "../envs/innereye.yaml"
    params:
        folder=str(plan.field("regression_test_folder")),
        outputs=lambda w: OUTPUTS,
        tolerance=plan.field("regression_test_csv_tolerance"),
        code=plan.code("expected"),
    script:
        "../scripts/compare_with_expected.py"
