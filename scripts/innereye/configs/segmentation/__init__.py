"""Segmentation models, one class a file."""
