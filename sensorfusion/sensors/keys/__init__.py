"""The keys of sensors, and encryption of third-party secrets."""
