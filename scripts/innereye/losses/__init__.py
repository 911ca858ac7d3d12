"""Losses on logits and one-hot targets."""
