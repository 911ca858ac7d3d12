"""From checkpoints to posteriors and values of items."""
