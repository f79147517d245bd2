"""What a browser shows while the server cannot be reached: a page, and the service worker that keeps it."""
