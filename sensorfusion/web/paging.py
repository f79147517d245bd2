"""Paging of the management API: `?page=2&page_size=50`."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

Parameter = dict[str, Any]


class Pages(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 1000

    def get_page_size(self, request: Request) -> int | None:
        """Return the requested size, which is refused instead of replaced if it is invalid."""
        text = request.query_params.get(self.page_size_query_param, "")
        if text and not (text.isascii() and text.isdecimal() and 1 <= int(text) <= self.max_page_size):
            raise ValidationError({self.page_size_query_param: f"Give a whole number from 1 to {self.max_page_size}."})
        return super().get_page_size(request)

    def get_schema_operation_parameters(self, view: Any) -> list[Parameter]:
        """Describe both parameters with their limits."""
        described: list[Parameter] = super().get_schema_operation_parameters(view)
        for each in described:
            each["schema"] |= {"minimum": 1}
            if each["name"] == self.page_size_query_param:
                each["schema"] |= {"maximum": self.max_page_size}
        return described
