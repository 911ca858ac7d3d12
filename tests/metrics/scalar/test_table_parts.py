"""Parts of tables: the rows that hold a text, columns in their order."""

import pandas as pd

from innereye.metrics.scalar.table_parts import columns_in_order, rows_where, rows_with

TABLE = pd.DataFrame({"a": ["1", "01", "1"], "b": [7, 8, 9]}, index=[5, 5, 5])


def test_rows_are_chosen_by_their_text_and_numbered_anew():
    assert rows_with(TABLE, "a", "1").to_dict("list") == {"a": ["1", "1"], "b": [7, 9]}
    assert rows_where(TABLE, [False, False, True]).index.tolist() == [0]
    assert list(rows_where(TABLE, [0, 0, 0])) == ["a", "b"]


def test_columns_come_in_the_order_asked_for():
    assert list(columns_in_order(TABLE, ("b", "a"))) == ["b", "a"]
