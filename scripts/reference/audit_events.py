"""The audit events."""

from gatelodge.model.audit import EventName
from scripts.reference.markdown import code, page, table
from scripts.reference.source import users_of

INTRO = """\
An event is written in the transaction it describes: there is no change without its event and no
event without its change. Actor and target are ids. A write through the Graph API also says which
properties changed, from what to what; of secrets only that they changed. What was refused is
recorded as well, as a failure. The list is closed:
`model/audit.py`. The column *recorded in* names the modules; an event without one is reserved
and not recorded yet."""

MEANINGS = {
    EventName.USER_FLOW_CREATED: "A user flow was created through the Graph API.",
    EventName.USER_FLOW_UPDATED: "Settings of a user flow were changed through the Graph API.",
    EventName.USER_FLOW_DELETED: "A user flow was deleted through the Graph API.",
    EventName.ATTRIBUTE_CREATED: "A custom user attribute was created.",
    EventName.ATTRIBUTE_UPDATED: "A custom user attribute was changed.",
    EventName.ATTRIBUTE_DELETED: "A custom user attribute was deleted.",
    EventName.IDENTITY_PROVIDER_CREATED: "An identity provider was set up.",
    EventName.IDENTITY_PROVIDER_UPDATED: "An identity provider was changed.",
    EventName.IDENTITY_PROVIDER_DELETED: "An identity provider was deleted.",
    EventName.API_CONNECTOR_CREATED: "An API connector was set up.",
    EventName.API_CONNECTOR_UPDATED: "An API connector, or its certificate, was changed.",
    EventName.API_CONNECTOR_DELETED: "An API connector was deleted.",
    EventName.API_CONNECTOR_FAILED: "An API connector gave no answer that counts; `point` and "
    "`reason` say where and why. The journey ended.",
    EventName.API_CONNECTOR_BLOCKED: "An API connector turned somebody away; `point` says where.",
    EventName.API_CONNECTOR_OVERREACHED: "An API connector answered values it may not set; "
    "`claims` names them. They were dropped.",
    EventName.MINOR_BLOCKED: "Somebody was turned away for being too young: the account, or the "
    "application where there is none yet.",
    EventName.TERMS_ACCEPTED: "The owner accepted new terms of use. Detail: `version`.",
    EventName.SIGN_IN_IDENTIFIER_CREATED: "A kind of sign-in name was added.",
    EventName.SIGN_IN_IDENTIFIER_UPDATED: "A kind of sign-in name was switched or changed.",
    EventName.SIGN_IN_IDENTIFIER_DELETED: "A kind of sign-in name was removed.",
    EventName.TRUST_FRAMEWORK_POLICY_CREATED: "A custom policy was uploaded.",
    EventName.TRUST_FRAMEWORK_POLICY_UPDATED: "A custom policy was replaced.",
    EventName.TRUST_FRAMEWORK_POLICY_DELETED: "A custom policy was removed.",
    EventName.EVENTS_FLOW_CREATED: "An events flow was created.",
    EventName.EVENTS_FLOW_UPDATED: "An events flow was changed, or what it refers to.",
    EventName.EVENTS_FLOW_DELETED: "An events flow was deleted.",
    EventName.EVENT_LISTENER_CREATED: "A listener was created.",
    EventName.EVENT_LISTENER_UPDATED: "A listener was changed, or what it refers to.",
    EventName.EVENT_LISTENER_DELETED: "A listener was deleted.",
    EventName.EVENT_EXTENSION_CREATED: "A custom authentication extension was created.",
    EventName.EVENT_EXTENSION_UPDATED: "A custom authentication extension was changed.",
    EventName.EVENT_EXTENSION_DELETED: "A custom authentication extension was deleted.",
    EventName.SERVICE_PRINCIPAL_CREATED: "An application was given a service principal.",
    EventName.SERVICE_PRINCIPAL_UPDATED: "A service principal was changed.",
    EventName.SERVICE_PRINCIPAL_DELETED: "A service principal was deleted.",
    EventName.PERMISSION_GRANTED: "An application was granted a permission.",
    EventName.PERMISSION_REVOKED: "A permission was taken from an application.",
    EventName.APPLICATION_CREATED: "An application was registered.",
    EventName.APPLICATION_UPDATED: "An application, or one of its secrets, was changed.",
    EventName.APPLICATION_DELETED: "An application was deleted.",
    EventName.USER_CREATED: "An administrator or program created a user through the Graph API.",
    EventName.USER_UPDATED: "An administrator or program changed a user through the Graph API.",
    EventName.USER_DELETED: "An administrator or program deleted a user through the Graph API.",
    EventName.OBJECT_RESTORED: "A deleted user, application or service principal was brought back.",
    EventName.OBJECT_PURGED: "A deleted user, application or service principal was deleted for"
    " good.",
    EventName.SIGN_UP: "A person created an account through a user flow.",
    EventName.SIGN_IN: "A grant was made: a person signed in to an application.",
    EventName.ERROR_TOLD: "A person or an application was told an error; its code says which.",
    EventName.ERRORS_LEFT_OUT: "A code was told more often within a minute than is written down.",
    EventName.SIGN_IN_REFUSED: "A sign-in was not accepted: name and password, or what an identity"
    " provider answered.",
    EventName.PASSWORD_RESET: "A person set a new password after proving the address, or in place"
    " of one that had to be changed.",
    EventName.PROFILE_UPDATED: "A person changed the own profile through a user flow.",
    EventName.EMAIL_CHANGED: "A person gave the own account another address.",
    EventName.PASSWORD_CHANGED: "A person changed the own password, knowing the old one.",
    EventName.IDENTITY_LINKED: "A person connected an identity provider to an account they signed"
    " in to.",
    EventName.IDENTITY_REMOVED: "A person unlinked an identity provider's identity.",
    EventName.CONSENT_GIVEN: "Somebody let an application have what it asked for.",
    EventName.SIGNED_OUT_EVERYWHERE: "A person ended every session and grant of the own account.",
    EventName.ACCOUNT_DELETED: "A person deleted the own account.",
    EventName.LOCKED: "A sign-in name was locked after too many failures.",
    EventName.ADDRESS_REFUSED: "Signing in failed so often from one address that it has to wait.",
    EventName.FACTOR_ENROLLED: "A person added a second factor or a passkey.",
    EventName.FACTOR_REMOVED: "A person removed a second factor or a passkey.",
    EventName.FACTOR_LOCKED: "An account's second factors were locked after too many wrong codes.",
    EventName.RECOVERY_CODES_MADE: "Recovery codes were made for an account; older ones are void.",
    EventName.RECOVERY_CODE_USED: "A person used up a recovery code.",
    EventName.METHOD_CREATED: "An administrator or program gave a user an authentication method.",
    EventName.METHOD_UPDATED: "An administrator or program changed a user's authentication method.",
    EventName.METHOD_DELETED: "An administrator or program took an authentication method away.",
    EventName.SIGNED_OUT: "A person ended the browser's session.",
    EventName.GRANT_EXCHANGED: "An API took the token it was called with to another API.",
    EventName.GRANT_REVOKED: "An application gave a token back, and its grant was ended.",
    EventName.TOKEN_REUSED: "A code or refresh token came a second time, and its grant was ended.",
    EventName.WRITE_REFUSED: "A write through the Graph API was refused; no other event fits it.",
    EventName.KEYS_ROTATED: "A new signing key was made; `emergency` says that old ones are void.",
    EventName.DIRECTORY_CREATED: "The first directory of an installation was set up.",
    EventName.DIRECTORY_UPDATED: "The directory, one of its policies or switches was changed.",
}


def audit_events_page() -> str:
    """Return the page."""
    users = users_of("EventName", declared_in="model/audit.py")
    rows = [
        (
            code(each.value),
            MEANINGS[each],
            ", ".join(code(module) for module in users.get(each.name, ())),
        )
        for each in EventName
    ]
    return page("Audit events", INTRO, table(("event", "meaning", "recorded in"), rows))
