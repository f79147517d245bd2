"""Messages inside the platform and their two transports.

They give different guarantees. *Changes of rights and settings* (`control`) travel by PostgreSQL's NOTIFY: every
process receives them if and only if their transaction commits, with or without Redis. *Stored readings* (`stream`) are
passed from the writer to the hub of the same process directly and to other processes by the channel layer, which may
lose some: the hub detects a loss by `seq`.
"""
