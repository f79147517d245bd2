"""What is announced inside the platform, and how.

Two ways, because they need different promises. *Changes of rights and settings* (`control`) travel by PostgreSQL's
NOTIFY: they arrive if and only if their transaction commits, in every process, with or without Redis. *Stored
readings* (`stream`) are handed from the writer to the hub of the same process directly and to other processes by the
channel layer, which may lose some: the hub notices by `seq`.
"""
