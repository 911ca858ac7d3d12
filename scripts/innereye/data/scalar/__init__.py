"""From dataset.csv to the items of classification and regression."""
