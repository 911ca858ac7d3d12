"""From items to checkpoints of classification and regression models."""
