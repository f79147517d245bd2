"""The filter that translates what is said of a file and of its rows."""

from django import template

from sensorfusion.ingest.files.reasons.words import in_words

register = template.Library()
register.filter("import_words", in_words)
