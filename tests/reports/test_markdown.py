"""Markdown that a renderer shows as it was meant, and that is even in an editor."""

import re
from html import unescape

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from innereye.reports.markdown import blocks, bullets, escaped, facts, table

render = mistune.create_markdown(plugins=["table"])
NAMES = st.text(st.sampled_from("ab1 _*|`<>[]()\\.-"), min_size=1).filter(str.strip)


def cells_of(html):
    found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", html, flags=re.DOTALL)
    return [unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in found]


@given(st.lists(NAMES, min_size=2, max_size=2))
def test_cells_are_shown_as_they_are(names):
    html = render(table(("name", "other"), [names]))
    assert cells_of(html) == ["name", "other", *(" ".join(name.split()) for name in names)]
    assert not re.search("<(em|strong|code|a)", html)


def test_rows_of_a_table_are_equally_long_and_numbers_end_together():
    text = table(("Structure", "n"), [("left_lung", "7"), ("heart", "12")])
    assert text.splitlines() == [
        "| Structure |   n |",
        "| --------- | --: |",
        "| left_lung |   7 |",
        "| heart     |  12 |",
    ]


def test_a_table_without_rows_has_its_head():
    assert len(table(("a", "b"), []).splitlines()) == 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [("a_b", "a_b"), ("_a_", "\\_a\\_"), ("a|b", "a\\|b"), ("a\n b", "a b"), ("<b>", "\\<b\\>")],
)
def test_only_what_would_be_markup_is_escaped(name, shown):
    assert escaped(name) == shown


def test_lists_and_blocks():
    text = blocks(["# Title", "", bullets(["one", "two"]), facts([("Model", "a*b")])])
    assert text == "# Title\n\n- one\n- two\n\n- **Model:** a\\*b"
    assert blocks([bullets([])]) == ""
