"""The filter that names a role within a sentence."""

from django import template

from sensorfusion.sensors.sites.roles import role_in_sentence

register = template.Library()
register.filter("role", role_in_sentence)
