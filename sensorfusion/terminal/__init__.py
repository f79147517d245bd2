"""How commands speak: help with examples, progress bars, errors without a traceback."""
