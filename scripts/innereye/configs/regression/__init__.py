"""Shipped models that estimate a number; one class per file, found by its name."""
