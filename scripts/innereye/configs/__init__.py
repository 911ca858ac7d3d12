"""What a user may state about a model."""
