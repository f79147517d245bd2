"""The steps of the pipeline: decode, name, date, check, and the receipt."""
