"""The end of a run's log says first what failed first."""

import pytest

from workspace_calls import ended_run, open_workspace, write_files

CAUSE = 'Traceback (most recent call last):\n  File "x.py"\nValueError: the scan is empty\n'
BYSTANDER = "Traceback (most recent call last):\nRuntimeError: Connection closed by peer\n"


@pytest.fixture
def tail_of(emulator):
    workspace = open_workspace()

    def tail(files, lines=10):
        ended_run(emulator, "one", "Failed")
        write_files(emulator.state.run_folder("one"), files)
        return workspace.log_tail("one", lines)

    return tail


def test_a_run_that_printed_nothing_has_no_log(tail_of):
    assert tail_of({"user_logs/std_log.txt": "", "outputs/a.txt": "a"}) == ""


def test_the_last_lines_are_shown(tail_of):
    text = "".join(f"line {number}\n" for number in range(100))
    assert tail_of({"user_logs/std_log.txt": text}, 3) == "line 97\nline 98\nline 99"


def test_only_the_end_of_a_long_log_is_fetched(tail_of):
    text = "ä" * 400_000 + "\nlast\n"
    shown = tail_of({"user_logs/std_log.txt": text}, 2)
    assert shown.endswith("ää\nlast")
    assert len(shown) < 200_000


def test_the_log_of_older_nodes_is_found(tail_of):
    assert tail_of({"azureml-logs/70_driver_log.txt": "old\n"}) == "old"


def test_a_run_that_came_to_no_process_shows_what_made_it_ready(tail_of):
    assert (
        tail_of({"azureml-logs/20_image_build_log.txt": "no such package\n"}) == "no such package"
    )


def test_the_process_that_failed_first_comes_first(tail_of):
    shown = tail_of(
        {
            "user_logs/std_log_process_00.txt": BYSTANDER,
            "user_logs/std_log_process_01.txt": CAUSE,
            "user_logs/std_log_process_02.txt": "epoch 3\n",
        }
    )
    heads = [line for line in shown.splitlines() if line.startswith("user_logs/")]
    assert [head[-7:] for head in heads] == ["01.txt:", "00.txt:", "02.txt:"]
    assert "the scan is empty" in shown


def test_of_equal_logs_the_first_process_comes_first(tail_of):
    files = {f"user_logs/std_log_process_0{n}.txt": f"epoch {n}\n" for n in range(2)}
    assert tail_of(files).startswith("user_logs/std_log_process_00.txt:\nepoch 0")
