"""What Snakemake is told of a run, and what its jobs get back from it."""
