"""Kinds of names people sign in with."""

from dataclasses import dataclass
from enum import StrEnum

from gatelodge.model.identifier import DirectoryId


class SignInIdentifierName(StrEnum):
    """Which names there can be; values are Graph's keys."""

    EMAIL = "Email"
    UPN = "UPN"
    USERNAME = "Username"
    CUSTOM_USERNAME_1 = "CustomUsername1"
    CUSTOM_USERNAME_2 = "CustomUsername2"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInIdentifier:
    """Whether a kind of name is in use; `validation_reg_ex` judges custom user names."""

    directory_id: DirectoryId
    name: SignInIdentifierName
    is_enabled: bool = False
    validation_reg_ex: str | None = None
    revision: int = 0
