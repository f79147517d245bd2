"""`sensorfusion watch`: what it knows of sensors, how it follows them, and how it draws them."""
