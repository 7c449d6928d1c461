"""Properties of users that are kept: directories of employees have them, and their tools ask."""

from typing import Any

from gatelodge.graph.edm import ComplexType, Primitive, Property, Returned, attribute_name
from gatelodge.model.account_details import EmployeeOrgData
from gatelodge.model.terms_of_use import AcceptedTerms

_MOST_PHONES, _MOST_MAILS = 20, 250
"""These lists come with every user of a page, or may."""


def _kept(name: str, most: int = 0, **more: Any) -> Property:  # noqa: ANN401
    settings: dict[str, Any] = {
        "type": Primitive.STRING,
        "is_nullable": True,
        "returned": Returned.ON_SELECT,
        **({"max_length": most} if most else {}),
        **more,
    }
    return Property(name=name, attribute=f"details.{attribute_name(name)}", doc="Kept.", **settings)


_EMPLOYEE_ORG_DATA = ComplexType(
    name="employeeOrgData",
    doc="Where in an organization somebody works.",
    python=EmployeeOrgData,
    properties=tuple(
        Property(name=name, type=Primitive.STRING, is_nullable=True, max_length=256, doc="Kept.")
        for name in ("costCenter", "division")
    ),
)
TERMS_ACCEPTANCE = ComplexType(
    name="termsOfUseAcceptance",
    doc="That somebody accepted a version of the terms of use.",
    python=AcceptedTerms,
    properties=(
        Property(name="version", type=Primitive.STRING, doc="The version."),
        Property(
            name="acceptedDateTime",
            type=Primitive.DATE_TIME,
            attribute="accepted_at",
            doc="When it was accepted.",
        ),
    ),
)
USER_DETAILS = (
    _kept(
        "businessPhones",
        64,
        is_collection=True,
        max_items=_MOST_PHONES,
        is_nullable=False,
        returned=Returned.BY_DEFAULT,
    ),
    _kept("officeLocation", 128, returned=Returned.BY_DEFAULT),
    _kept("preferredLanguage", 64, returned=Returned.BY_DEFAULT),
    _kept("companyName", 64),
    _kept("department", 64),
    _kept("employeeHireDate", type=Primitive.DATE_TIME),
    _kept("employeeId", 64),
    _kept("employeeOrgData", type=_EMPLOYEE_ORG_DATA),
    _kept("employeeType", 128),
    _kept("faxNumber", 64),
    _kept("onPremisesImmutableId", 256),
    _kept("otherMails", 254, is_collection=True, max_items=_MOST_MAILS, is_nullable=False),
    _kept("usageLocation", 2),
    _kept("userType", 64),
)
