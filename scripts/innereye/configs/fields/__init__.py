"""The fields of a model, one subject a file."""
