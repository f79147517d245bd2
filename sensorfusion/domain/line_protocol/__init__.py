"""InfluxDB's line protocol: `points` has its whole grammar, `plain` a fast parser for usual lines."""

from sensorfusion.domain.line_protocol.points import PRECISIONS, BadLine, Point, line_numbers, parse

__all__ = ["PRECISIONS", "BadLine", "Point", "line_numbers", "parse"]
