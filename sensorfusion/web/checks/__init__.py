"""What requests may carry, and how the description of the API says so."""
