"""The shape of a text table: its encoding, its delimiter, and where its header is."""
