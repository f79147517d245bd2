"""Notes that owners and editors write on instants and spans of a sensor: maintenance, a move, a calibration."""
