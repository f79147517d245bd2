"""How readings are stored: partitions, retention, connections, encoding, chores."""
