"""How texts of options are read."""

import pytest

from snakemake_executor_plugin_azureml.option_values import (
    parse_download,
    parse_duration,
    parse_gigabytes,
    parse_size,
    parse_tags,
)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        *[("30", 1800), ("1.5", 90), ("90s", 90), ("30m", 1800), ("1.5h", 5400), ("2d", 172800)],
        *[(" 12 H ", 43200), ("", None), (" ", None)],
    ],
)
def test_times(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["0", "-3", "soon", "1w", "1h30m", "nan", "0.001s", "12:30"])
def test_what_is_no_time(text):
    with pytest.raises(ValueError, match="minutes"):
        parse_duration(text)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("a=1,b=two words", {"a": "1", "b": "two words"}),
        ("a=x=y, b=", {"a": "x=y", "b": ""}),
        ('{"a": "1,2", "b": 3}', {"a": "1,2", "b": "3"}),
        ("{}", {}),
    ],
)
def test_tags(text, tags):
    assert parse_tags(text) == tags


@pytest.mark.parametrize(
    "text", ["a", "=1", "a=1,b", '{"a": [1]}', '{"a": 1', '{"' + "n" * 101 + '": "1"}']
)
def test_what_are_no_tags(text):
    with pytest.raises(ValueError, match=r"tag|JSON"):
        parse_tags(text)


def test_sizes():
    assert [parse_size(text) for text in ("16g", "440G", "512MB")] == ["16g", "440g", "512m"]
    for text in ("16", "g", "0g", "1.5g", "16t"):
        with pytest.raises(ValueError, match="16g"):
            parse_size(text)


def test_gigabytes():
    assert [parse_gigabytes(text) for text in ("0", "0.5", "1e3")] == [0, 0.5, 1000]
    for text in ("-1", "nan", "inf", "much"):
        with pytest.raises(ValueError, match="gigabytes"):
            parse_gigabytes(text)


def test_downloads():
    assert [parse_download(text) for text in ("all", "Declared")] == ["all", "declared"]
    with pytest.raises(ValueError, match="declared"):
        parse_download("none")
