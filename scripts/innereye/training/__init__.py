"""From crops to checkpoints; Lightning lives here."""
