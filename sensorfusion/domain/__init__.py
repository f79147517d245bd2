"""What the product knows about measuring, in plain Python: no framework, no input or output, no clock."""
