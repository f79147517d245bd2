"""Refuses values of another JSON type than the API's description names: 0 for a text or a boolean, {} for a list.

Django REST framework converts them, as it must in forms; in JSON they are mistakes of the client.
"""

from collections.abc import Mapping
from typing import Any, Final

from rest_framework import serializers
from rest_framework.relations import ManyRelatedField

_NUMBER: Final = "Write a number."
_TYPES: Final[tuple[tuple[tuple[type, ...], tuple[type, ...], str], ...]] = (
    ((serializers.BooleanField,), (bool,), "Write true or false."),
    ((serializers.IntegerField, serializers.FloatField), (int, float), _NUMBER),
    ((serializers.ListField, serializers.ListSerializer, ManyRelatedField), (list,), "Write a list."),
    ((serializers.DictField, serializers.BaseSerializer), (Mapping,), "Write an object."),
    (
        (
            serializers.CharField,
            serializers.ChoiceField,
            serializers.UUIDField,
            serializers.DateField,
            serializers.DateTimeField,
            serializers.SlugRelatedField,
        ),
        (str,),
        "Write a text.",
    ),
)


# The base of serializers of requests; without a docstring, which would describe each of them in the API's description.
class JsonTypes(serializers.Serializer[Any]):
    def to_internal_value(self, data: Any) -> Any:
        wrong = dict(self._mistyped(data)) if isinstance(data, Mapping) else {}
        if wrong:
            raise serializers.ValidationError(wrong)
        return super().to_internal_value(data)

    def _mistyped(self, data: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
        written = (field for field in self._writable_fields if field.field_name in data)
        found = ((str(field.field_name), mistyped(field, data[str(field.field_name)])) for field in written)
        return [(name, [why]) for name, why in found if why]


def mistyped(field: serializers.Field[Any, Any, Any, Any], value: object) -> str:
    """Return why a value is of a wrong type, or ""; null is judged by the field itself."""
    for fields, types, why in _TYPES:
        if isinstance(field, fields):
            if value is None or (isinstance(value, types) and (bool in types or not isinstance(value, bool))):
                return _in_parts(field, value)
            return why
    return ""


def _in_parts(field: Any, value: Any) -> str:
    """Judge the values of a map, of which the description has the type as well."""
    child = getattr(field, "child", None)
    if not isinstance(field, serializers.DictField) or child is None or value is None:
        return ""
    return next(filter(None, (mistyped(child, each) for each in value.values())), "")
