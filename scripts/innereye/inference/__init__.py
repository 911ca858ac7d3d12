"""From checkpoints to posteriors and segmentations."""
