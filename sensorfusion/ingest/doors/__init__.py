"""Protocol adapters for HTTP and WebSockets, one file per protocol: find the key, decode readings, write the answer."""
