"""`Idempotency-Key`: a POST that is sent again is answered as before, and done once."""
