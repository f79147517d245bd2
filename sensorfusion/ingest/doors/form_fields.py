"""Lenient, bounded parser of form-encoded fields from devices; raises nothing but `RequestRefused`."""

from dataclasses import dataclass, field

from sensorfusion.domain.encodings import AROUND, unquote_text
from sensorfusion.ingest.steps.refused import RequestRefused

# A gateway with every sensor of its maker sends about 250 fields in 5,000 characters.
MOST_FIELDS = 500
MOST_CHARACTERS = 32_768


@dataclass(slots=True)
class Form:
    """Fields by lower-case name. A field sent with two values is only in `twice`: neither value can be trusted."""

    fields: dict[str, str] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)

    def add(self, encoded: str) -> None:
        """Parse more fields.

        :raises RequestRefused: too_large.
        """
        if len(encoded) > MOST_CHARACTERS:
            raise RequestRefused("too_large", f"A console's reading has at most {MOST_CHARACTERS:,} characters.")
        pairs = encoded.strip(AROUND).split("&")
        if len(pairs) > MOST_FIELDS:
            raise RequestRefused("too_large", f"A console's reading has at most {MOST_FIELDS} fields.")
        for pair in pairs:
            name, equals, value = pair.partition("=")
            if equals and name:
                self._put(unquote_text(name).strip(AROUND).lower(), unquote_text(value).strip("\0"))

    def _put(self, name: str, value: str) -> None:
        if name in self.twice or self.fields.setdefault(name, value) == value:
            return
        self.twice.add(name)
        del self.fields[name]
