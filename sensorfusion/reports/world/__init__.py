"""The map of the overview: which part of the world it shows, and the marks of the sensors on it."""
