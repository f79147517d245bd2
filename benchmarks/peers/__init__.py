"""What people would install instead, on this machine, with the same generators, in the same run.

`python -m benchmarks.peers` measures the platform beside InfluxDB, VictoriaMetrics and Mosquitto, as Debian packages
them, and beside a plain Django site. What is not installed is left out, with a word.
"""
