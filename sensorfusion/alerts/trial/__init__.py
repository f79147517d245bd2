"""A rule tried on a sensor's history: what decides nothing is passed over, the rest is judged as live readings are."""
