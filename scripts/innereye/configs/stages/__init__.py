"""The fields that each stage of the pipeline receives."""
