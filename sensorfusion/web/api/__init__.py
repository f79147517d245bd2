"""What all operations of the API have in common: conditional requests, chosen members, and their description."""
