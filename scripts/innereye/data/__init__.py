"""From dataset.csv to samples."""
