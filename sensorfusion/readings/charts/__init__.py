"""Series for charts: time range and quantities in, columns out."""
