"""Bytes to arrays and tables, and back."""
