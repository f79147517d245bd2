"""Who a request's API token belongs to."""

from rest_framework.authentication import TokenAuthentication as _Token


class TokenAuthentication(_Token):
    keyword = "Bearer"
