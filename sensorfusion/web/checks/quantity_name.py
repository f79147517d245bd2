"""The validator of the name of a quantity: see `domain.quantities.names`."""

from typing import Final

from django.core.validators import RegexValidator
from django.utils.deconstruct import deconstructible


@deconstructible(path="sensorfusion.web.checks.quantity_name.QuantityName")
class QuantityName(RegexValidator):
    regex = r"^[A-Za-z][A-Za-z0-9_.:-]*\Z"
    message = "Use the name of a quantity: letters, digits and _ . : - after a first letter."
    code = "bad_name"


quantity_name: Final = QuantityName()
