"""The types of single values in the policy: short texts of the YAML are read, values already typed pass."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from bot.policy import durations, forms


def _if_text(read: Callable[[str], object]) -> BeforeValidator:
    return BeforeValidator(lambda value: read(value) if isinstance(value, str) else value)


Length = Annotated[timedelta, _if_text(durations.duration), Field(strict=True)]
Zone = Annotated[str, AfterValidator(forms.zone)]
Channel = Annotated[str, AfterValidator(forms.channel)]
Country = Annotated[str, AfterValidator(forms.country)]
Holidays = Annotated[str, AfterValidator(forms.holidays)]  # of a country, by its ISO code, e.g. KE
Day = Annotated[date, _if_text(forms.day), Field(strict=True)]
Moment = Annotated[datetime, _if_text(forms.wall_clock), Field(strict=True)]
Share = Annotated[float, _if_text(forms.share), Field(gt=0, lt=1)]


def wrong(loc: tuple[str | int, ...], sentence: str, given: object) -> ValidationError:
    """To be raised by the validator of a whole for what is wrong with a part of it, at `loc` inside."""
    kind = PydanticCustomError("value_error", "{error}", {"error": sentence})
    return ValidationError.from_exception_data("policy", [InitErrorDetails(type=kind, loc=loc, input=given)])
