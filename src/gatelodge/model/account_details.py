"""What is kept of a user for administrators: nothing acts on it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeOrgData:
    """Where in an organization somebody works."""

    cost_center: str | None = None
    division: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDetails:
    """Properties clients of Graph send and expect to read again."""

    business_phones: tuple[str, ...] = ()
    company_name: str | None = None
    department: str | None = None
    employee_hire_date: datetime | None = None
    employee_id: str | None = None
    employee_org_data: EmployeeOrgData | None = None
    employee_type: str | None = None
    fax_number: str | None = None
    office_location: str | None = None
    on_premises_immutable_id: str | None = None
    other_mails: tuple[str, ...] = ()
    preferred_language: str | None = None
    usage_location: str | None = None
    user_type: str | None = "Member"


NO_DETAILS = AccountDetails()
"""What is kept of most users."""
