"""Why nobody could be identified by a provider."""

from enum import StrEnum


class Trouble(StrEnum):
    """What went wrong; the values are written to the audit log."""

    DENIED = "denied"
    UNREACHABLE = "unreachable"
    MISCONFIGURED = "misconfigured"
    REFUSED_US = "refusedUs"
    INVALID_ANSWER = "invalidAnswer"
    INCOMPLETE_ANSWER = "incompleteAnswer"
    NOTHING_SAID = "nothingSaid"


class NotIdentified(Exception):
    """The provider did not say who the person is; `detail` is for the audit log alone."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(detail or trouble.value)
        self.trouble = trouble
        self.detail = detail
