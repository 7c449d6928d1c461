"""The pages on which people look after their own account in profile edit."""

from dataclasses import replace

from gatelodge.model.own_account import AccountTask
from gatelodge.pages.catalogue import (
    CANCEL,
    CONTINUE,
    VerificationStage,
    new_password_fields,
    verification_control,
)
from gatelodge.pages.page import (
    Attachment,
    Button,
    Field,
    InputKind,
    Notice,
    NoticeKind,
    Option,
    Page,
    PageId,
    PasskeyPrompt,
    Report,
    Sentence,
)
from gatelodge.pages.unbroken import unbroken

_BACK = replace(CANCEL, string_id="button_back")
UNLINK = "unlink-"
"""What the action of a button begins with that takes an identity away; its number follows."""

LINK = "link-"
"""What the action of a button begins with that leads to a provider; its button's id follows."""

REMOVE = "remove-"
"""What the action of a button begins with that takes a passkey away; its number follows."""

SIGN_OUT_EVERYWHERE = "signOutEverywhere"
DELETE = "delete"
STILL_ME = "stillMe"


def with_tasks(page: Page, tasks: tuple[AccountTask, ...], told: str | None) -> Page:
    """Return the profile with links to what is offered besides; `told` says what was done."""
    links = tuple(
        Button(
            id=task.value,
            action=task.value,
            string_id=f"button_{task.value}",
            skips_validation=True,
        )
        for task in tasks
    )
    said = () if told is None else (Notice(told, kind=NoticeKind.SUCCESS),)
    return replace(page, links=(*page.links, *links), notices=(*said, *page.notices))


def _password_field(field_id: str = "password") -> Field:
    return Field(
        id=field_id,
        kind=InputKind.PASSWORD,
        autocomplete="current-password",
        max_length=256,
    )


def _name_field(name: str) -> Field:
    return Field(
        id="signInName", value=name, autocomplete="username", max_length=254, is_read_only=True
    )


def reauthentication_page(*, name: str) -> Page:
    """Ask somebody who signed in a while ago for the password again."""
    return Page(
        id=PageId.REAUTHENTICATION,
        fields=(_name_field(name), _password_field()),
        # Who clicks twice is at the task then, whose form this is not.
        buttons=(replace(CONTINUE, action=STILL_ME), _BACK),
    )


def email_change_page(*, stage: VerificationStage, email: str = "") -> Page:
    """Ask for a new address and have it proved."""
    return Page(
        id=PageId.EMAIL_CHANGE,
        group=verification_control(stage, email=email),
        buttons=(_BACK,),
    )


def password_change_page(*, name: str, rules: Sentence) -> Page:
    """Ask for the password as it is, and twice for the new one."""
    return Page(
        id=PageId.OWN_PASSWORD,
        fields=(_name_field(name), _password_field(), *new_password_fields(rules)),
        buttons=(CONTINUE, _BACK),
    )


def identities_page(
    *, local: tuple[str, ...], linked: tuple[Option, ...], providers: tuple[Option, ...] = ()
) -> Page:
    """Show what somebody signs in with; each identity of a provider has a button.

    `linked` are known by what stays theirs when others go, `providers`, which somebody may link,
    by the ids of their buttons elsewhere.
    """
    buttons = tuple(
        Button(
            id=f"{UNLINK}{number}",
            action=f"{UNLINK}{each.value}",
            string_id="button_unlink",
            values={"identity": each.name},
            skips_validation=True,
        )
        for number, each in enumerate(linked)
    )
    linking = tuple(
        Button(
            id=f"{LINK}{each.value}",
            action=f"{LINK}{each.value}",
            string_id="button_link",
            values={"provider": each.name},
            skips_validation=True,
        )
        for each in providers
    )
    return Page(
        id=PageId.IDENTITIES,
        intro=Sentence("initial_intro" if linked else "nothing_linked"),
        report=Report(lines=(*local, *(each.name for each in linked))),
        buttons=(*linking, *buttons, _BACK),
    )


def passkeys_page(*, kept: tuple[Option, ...], prompt: PasskeyPrompt | None) -> Page:
    """Show somebody's passkeys, each with a button that takes it away, and offer another one.

    The button names the passkey: of an old page it takes away that one, or none.
    """
    buttons = tuple(
        Button(
            id=f"{REMOVE}{number}",
            action=f"{REMOVE}{each.value}",
            string_id="button_remove_passkey",
            values={"name": unbroken(each.name)},
            skips_validation=True,
        )
        for number, each in enumerate(kept)
    )
    return Page(
        id=PageId.PASSKEYS,
        intro=Sentence("initial_intro" if kept else "no_passkeys"),
        passkey=prompt,
        buttons=(*buttons, _BACK),
    )


def sessions_page(*, lines: tuple[str, ...]) -> Page:
    """Show where somebody is signed in, and offer to end all of it."""
    end = Button(
        id=SIGN_OUT_EVERYWHERE,
        action=SIGN_OUT_EVERYWHERE,
        string_id="button_signout_everywhere",
        is_primary=True,
    )
    return Page(id=PageId.SESSIONS, report=Report(lines=lines), buttons=(end, _BACK))


def data_page(*, href: str) -> Page:
    """Offer all that is stored about somebody as a file."""
    return Page(
        id=PageId.OWN_DATA,
        attachment=Attachment(href=href, file_name="my-data.json", words=Sentence("download_link")),
        buttons=(_BACK,),
    )


def deletion_page(*, notices: tuple[Notice, ...] = ()) -> Page:
    """Ask whether an account really is to be deleted."""
    tick = Field(
        id="isDeletionMeant",
        kind=InputKind.TICK,
        required=False,
        words=Sentence("confirm_deletion"),
    )
    delete = Button(id=DELETE, action=DELETE, string_id="button_delete", is_primary=True)
    return Page(id=PageId.DELETION, fields=(tick,), buttons=(delete, _BACK), notices=notices)
