"""Paging of the management API: `?page=2&page_size=50`, or `?cursor=start` and then the `next` of each answer."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from sensorfusion.web.api.cursors import PARAMETER, page_after

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

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any] | None:
        self._count, cursor = None, request.query_params.get(PARAMETER, "")
        if not cursor:
            return super().paginate_queryset(queryset, request, view)
        if request.query_params.get(self.page_query_param):
            raise ValidationError({PARAMETER: "Give a cursor or the number of a page, not both."})
        self._address, self._count = request.build_absolute_uri(), queryset.count()
        page, self._next = page_after(queryset, cursor=cursor, size=self.get_page_size(request) or 1)
        return page

    def get_paginated_response(self, data: Any) -> Response:
        if self._count is None:
            return super().get_paginated_response(data)
        following = replace_query_param(self._address, PARAMETER, self._next) if self._next else None
        return Response({"count": self._count, "next": following, "previous": None, "results": data})

    def get_schema_operation_parameters(self, view: Any) -> list[Parameter]:
        """Describe the parameters with their limits."""
        described: list[Parameter] = super().get_schema_operation_parameters(view)
        for each in described:
            each["schema"] |= {"minimum": 1}
            if each["name"] == self.page_size_query_param:
                each["schema"] |= {"maximum": self.max_page_size}
        why = "`start`, then that of `next`: pages that repeat and skip nothing while the list changes."
        cursor = {"name": PARAMETER, "in": "query", "required": False, "description": why, "schema": {"type": "string"}}
        return [*described, cursor]
