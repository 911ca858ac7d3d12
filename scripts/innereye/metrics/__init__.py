"""How good is a segmentation? Pure functions on arrays and tables."""
