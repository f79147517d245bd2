"""What arrived for a sensor or a site and was not stored or not understood, kept for its owner to read."""
