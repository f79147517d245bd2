"""How Django reads and writes dates and numbers; those that readers see are written by `web.values`."""
