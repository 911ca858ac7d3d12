"""InnerEye as a Snakemake pipeline: train, evaluate and report medical-imaging models as files."""
