"""Random changes of crops: drawn apart from applied."""
