"""Networks that give numbers for an item: from images, from features, or from both."""
