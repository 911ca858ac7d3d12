"""Shipped models that classify or estimate a number; one class per file, found by its name."""
