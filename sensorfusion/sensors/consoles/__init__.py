"""Weather consoles: which sensor a console belongs to, and how it is claimed."""
