"""A plain Django site, as tutorials put it together: REST framework, the ORM, and Channels with its memory layer."""
