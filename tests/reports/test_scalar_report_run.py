"""Which epoch is reported?"""

from innereye.reports.scalar_report_run import last_epoch


def test_the_last_test_epoch_is_reported_and_the_others_are_named():
    assert last_epoch([10, 2]) == (10, "the last of the test epochs 2, 10")
    assert last_epoch([7]) == (7, "the only test epoch")
