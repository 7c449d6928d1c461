"""A page as a value: what is asked, what may be pressed, what has to be said."""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from dataclasses import field as attribute
from enum import StrEnum
from typing import Any


class PageId(StrEnum):
    """Name every page; the names are those an administrator customises through Graph."""

    SIGN_UP_OR_SIGN_IN = "api.signuporsignin"
    LOCAL_SIGN_IN = "api.localaccountsignin"
    SIGN_IN_BY_CODE = "api.localaccountsignin.code"
    SIGN_IN_BY_PHONE = "api.localaccountsignin.phone"
    LINK_ELSEWHERE = "api.localaccountsignin.link"
    LOCAL_SIGN_UP = "api.localaccountsignup"
    PASSWORD_RESET = "api.localaccountpasswordreset"
    PROFILE_UPDATE = "api.selfasserted.profileupdate"
    REAUTHENTICATION = "api.selfasserted.reauthentication"
    EMAIL_CHANGE = "api.selfasserted.emailchange"
    OWN_PASSWORD = "api.selfasserted.passwordchange"
    IDENTITIES = "api.selfasserted.identities"
    PASSKEYS = "api.selfasserted.passkeys"
    SESSIONS = "api.selfasserted.sessions"
    OWN_DATA = "api.selfasserted.owndata"
    DELETION = "api.selfasserted.deletion"
    NEW_PASSWORD = "api.selfasserted"
    CHANGE_PASSWORD = "api.selfasserted.expiredpassword"
    PHONE_FACTOR = "api.phonefactor"
    AUTHENTICATOR = "api.selfasserted.totp"
    PASSKEY = "api.selfasserted.passkey"
    PASSKEY_FACTOR = "api.selfasserted.passkeyfactor"
    EMAIL_FACTOR = "api.selfasserted.emailfactor"
    FACTOR_CHOICE = "api.selfasserted.factorchoice"
    RECOVERY_CODE = "api.selfasserted.recoverycode"
    RECOVERY_CODES = "api.selfasserted.recoverycodes"
    FACTORS = "api.selfasserted.factors"
    PROVIDER_CHOICE = "api.idpselections"
    PROVIDER_CHOICE_SIGN_UP = "api.idpselections.signup"
    SOCIAL_SIGN_UP = "api.socialccountsignup"
    ERROR = "api.error"
    SIGN_OUT = "api.signout"
    SIGNED_OUT = "api.signedout"
    CONSENT = "api.consent"
    AGE = "api.agegating"
    TERMS = "api.selfasserted.terms"
    DEVICE = "api.device"
    DEVICE_DONE = "api.devicedone"
    FORM_POST = "api.formpost"
    LEAVING = "api.leaving"


SECRET_PAGES = frozenset(
    {
        PageId.SIGN_IN_BY_CODE,
        PageId.LINK_ELSEWHERE,
        PageId.AUTHENTICATOR,
        PageId.RECOVERY_CODES,
        PageId.OWN_DATA,
    }
)
"""Pages that show what opens an account, or all there is about it."""


class InputKind(StrEnum):
    """Say how a field is filled in; the comments name Graph's `userInputType`."""

    TEXT = "text"  # textBox
    EMAIL = "email"  # emailBox
    USER_NAME = "user_name"
    TELEPHONE = "telephone"
    PASSWORD = "password"
    ONE_TIME_CODE = "one_time_code"
    DATE = "date"  # dateTimeDropdown
    DROPDOWN = "dropdown"  # dropdownSingleSelect
    RADIO = "radio"  # radioSingleSelect
    CHECKBOXES = "checkboxes"  # checkboxMultiSelect
    TICK = "tick"
    PARAGRAPH = "paragraph"
    READONLY = "readonly"


CHOICES = frozenset({InputKind.DROPDOWN, InputKind.RADIO, InputKind.CHECKBOXES})
NEVER_REPEATED = frozenset({InputKind.PASSWORD, InputKind.ONE_TIME_CODE})
TICKED = "true"
"""What a browser sends for a tick that is set."""


class NoticeKind(StrEnum):
    """Say whether a notice reports a trouble, a fact or a success."""

    ERROR = "error"
    INFORMATION = "information"
    SUCCESS = "success"


@dataclass(frozen=True, slots=True)
class Sentence:
    """Name a sentence by its string id; `values` fill its `{placeholders}`."""

    string_id: str
    values: Mapping[str, str] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Notice:
    """Tell the person something, about one field (or field group) or about the whole page.

    `{field}` in the sentence is filled with the label of `field` when `values` lacks it.
    """

    string_id: str
    field: str | None = None
    _: KW_ONLY
    kind: NoticeKind = NoticeKind.ERROR
    values: Mapping[str, str] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Offer one answer of a dropdown, of radio buttons or of checkboxes.

    Options with a `region` (ISO 3166-1, two letters) are shown by what it is called in the
    person's language, in the order of that language; the others come after them. `behind` is shown
    after the name in brackets. `words` are a sentence of ours in place of the name.
    """

    value: str
    name: str
    is_selected: bool = False
    region: str | None = None
    behind: str | None = None
    words: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Lead to something to read, beside a field; `string_id` is one of the frame's sentences."""

    url: str | None
    string_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Ask for one value; `id` is at once the claim, the HTML id and the form's name.

    `label` is an administrator's own; None takes the packaged string of the claim. `max_length`
    counts characters. `told` is an administrator's help text, `hint` one of ours; without both
    the claim's packaged one is taken, if there is one. A tick is set when its value is not empty;
    `words` is the sentence beside it, and `missing` the one for whoever has to set it and did not.
    `links` lead to what it is about.
    """

    id: str
    kind: InputKind = InputKind.TEXT
    value: str = ""
    required: bool = True
    label: str | None = None
    options: tuple[Option, ...] = ()
    autocomplete: str = ""
    max_length: int = 250
    is_read_only: bool = False
    hint: Sentence | None = None
    words: Sentence | None = None
    told: str | None = None
    missing: str | None = None
    links: tuple[Target, ...] = ()

    @property
    def is_editable(self) -> bool:
        """Tell whether the person can change the value, and so whether a form is read for it."""
        return not self.is_read_only and self.kind not in (InputKind.PARAGRAPH, InputKind.READONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Offer one action; the form arrives with `action` set to its `action`.

    `label` is a name an administrator gave and replaces the sentence. With `skips_validation` the
    action leaves the fields behind: the form need not be filled in for it. `lead_string_id` is a
    sentence before the button; `values` fill the placeholders of the button's own.
    """

    id: str
    action: str
    string_id: str
    is_primary: bool = False
    skips_validation: bool = False
    label: str | None = None
    lead_string_id: str | None = None
    values: Mapping[str, str] = attribute(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGroup:
    """Hold fields that have buttons and messages of their own, like the email verification.

    A notice whose `field` is the group's id, or one of its fields, is shown inside the group.
    `message` says how things stand, whatever the notices.
    """

    id: str
    message: Notice
    fields: tuple[Field, ...]
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Keep what a person copies to whoever can help; `lines` are shown as they are."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Offer a file the page carries in a data URI; `words` are those of the link."""

    href: str
    file_name: str
    words: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Show a picture the server drew, and what it stands for to whoever cannot use the picture.

    `source` is a data URI; `target` is the address in it, which `link` leads to, and `text` what
    can be typed instead.
    """

    id: str
    source: str
    target: str
    alternative: Sentence
    link: Sentence
    label: Sentence
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Describe one page completely; a renderer adds language, address and look.

    The primary button is what Enter presses. `links` are buttons drawn as links, `providers` those
    that lead to an identity provider.
    """

    id: PageId
    heading: Sentence = Sentence("heading")
    intro: Sentence | None = Sentence("initial_intro")
    figure: Figure | None = None
    attachment: Attachment | None = None
    providers: tuple[Button, ...] = ()
    group: FieldGroup | None = None
    fields: tuple[Field, ...] = ()
    buttons: tuple[Button, ...] = ()
    links: tuple[Button, ...] = ()
    notices: tuple[Notice, ...] = ()
    report: Report | None = None
    departure: "Departure | None" = None
    passkey: "PasskeyPrompt | None" = None

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """List the fields in the order they are seen, those of the group first."""
        return (self.group.fields if self.group else ()) + self.fields

    @property
    def all_buttons(self) -> tuple[Button, ...]:
        """List everything that can be pressed, in the order of the document."""
        group = self.group.buttons if self.group else ()
        passkey = (self.passkey.button,) if self.passkey else ()
        return self.providers + group + self.buttons + passkey + self.links

    @property
    def errors(self) -> tuple[Notice, ...]:
        """List the notices that report a trouble."""
        return tuple(n for n in self.notices if n.kind is NoticeKind.ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyPrompt:
    """Let the browser ask for a passkey; `question` is what it is given (WebAuthn Level 3 §5.4).

    `button` does it, and is there only where a script runs that knows how. `trouble` says that
    nothing came of it, and `needed` why there is no button, on a page that has little else.
    """

    button: Button
    question: Mapping[str, Any]
    trouble: Sentence = Sentence("passkey_trouble")
    needed: Sentence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """Lead the browser to `target`, once `frames` are there, which nobody sees.

    Without frames it goes at once.
    """

    frames: tuple[str, ...]
    target: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPost:
    """Carry an answer to an application by a form the browser posts.

    Source: OAuth 2.0 Form Post Response Mode §2. `frames`, which nobody sees, are loaded first.
    """

    action_url: str
    parameters: tuple[tuple[str, str], ...]
    frames: tuple[str, ...] = ()
