"""HTTP requests to receivers that operators name: how they are signed, tried again, and awaited."""
