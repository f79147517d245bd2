"""The networks, one file each: what they ask for, take and answer. `catalogue` lists them."""
