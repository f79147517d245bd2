"""Turns refusals of services and errors of the database into command errors."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError

from sensorfusion.domain.refusals import Refusal


@contextmanager
def as_command_error() -> Iterator[None]:
    """Turn refusals of services, validation and database errors into a one-sentence message and exit status 1."""
    try:
        yield
    except Refusal as refusal:
        raise CommandError(refusal.detail) from refusal
    except ValidationError as error:
        raise CommandError(_sentences(error)) from error
    except DatabaseError as error:
        raise CommandError(f"The database cannot do this: {error}".strip()) from error


def _sentences(error: ValidationError) -> str:
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    return " ".join(f"{name}: {' '.join(each)}" for name, each in error.message_dict.items())
