"""`/identity/apiConnectors`. Source: microsoft.graph.identityApiConnector."""

from gatelodge.graph.edm import (
    Access,
    Action,
    Asked,
    ComplexType,
    Create,
    Delete,
    Door,
    EntitySet,
    EntityType,
    Primitive,
    Property,
    Read,
    Returned,
    Update,
    Writable,
)
from gatelodge.graph.model.api_connector_changes import (
    Pkcs12Certificate,
    changed_api_connector,
    new_api_connector,
    removed_api_connector,
    uploaded_certificate,
)
from gatelodge.model.api_connector import (
    ApiConnector,
    BasicAuthentication,
    ClientCertificate,
    ClientCertificateAuthentication,
)
from gatelodge.model.audit import EventName
from gatelodge.storage.identity_lists import API_CONNECTORS as LISTS

_WRITERS = ("External ID User Flow Administrator", "Global Administrator")
_WRITE = ("APIConnectors.ReadWrite.All",)
_READ = ("APIConnectors.Read.All", *_WRITE)
READ = Access(application=_READ, delegated=_READ, roles=("Global Reader", *_WRITERS))
WRITE = Access(application=_WRITE, delegated=_WRITE, roles=_WRITERS)

_STRING = Primitive.STRING
_FILE = Property(
    name="pkcs12Value",
    type=_STRING,
    is_required=True,
    max_length=100_000,
    doc="The PKCS#12 file in base64.",
)
_FILE_PASSWORD = Property(
    name="password", type=_STRING, max_length=1000, doc="The password that opens the file."
)

BASIC = ComplexType(
    name="basicAuthentication",
    doc="A name and a password.",
    python=BasicAuthentication,
    properties=(
        Property(name="username", type=_STRING, is_required=True, max_length=255, doc="The name."),
        Property(
            name="password",
            type=_STRING,
            is_required=True,
            max_length=1000,
            returned=Returned.MASKED,
            doc="The password; shown as asterisks.",
        ),
    ),
)
PKCS12 = ComplexType(
    name="pkcs12Certificate",
    doc="A certificate with its key; it can only be written.",
    python=Pkcs12Certificate,
    properties=(_FILE, _FILE_PASSWORD),
)
CERTIFICATE = ComplexType(
    name="pkcs12CertificateInformation",
    doc="What may be told of a certificate.",
    python=ClientCertificate,
    properties=(
        Property(name="thumbprint", type=_STRING, doc="Its SHA-1 digest."),
        Property(name="notBefore", type=Primitive.INT64, doc="Since when, in seconds since 1970."),
        Property(name="notAfter", type=Primitive.INT64, doc="Until when, in seconds since 1970."),
        Property(
            name="isActive",
            type=Primitive.BOOLEAN,
            doc="Whether it is kept with its key.",
        ),
    ),
)
CERTIFICATES = ComplexType(
    name="clientCertificateAuthentication",
    doc="A certificate shown when the connection is made; it cannot be written.",
    python=ClientCertificateAuthentication,
    properties=(
        Property(
            name="certificateList",
            type=CERTIFICATE,
            is_collection=True,
            writable=Writable.NEVER,
            doc="The certificate, and the next one if it was uploaded before it is valid.",
        ),
    ),
)
AUTHENTICATION = ComplexType(
    name="apiAuthenticationConfigurationBase",
    doc="How we prove ourselves to a web hook.",
    derived=(BASIC, PKCS12, CERTIFICATES),
)

API_CONNECTOR = EntityType(
    name="identityApiConnector",
    python=ApiConnector,
    doc="A web hook that user flows can ask on their way.",
    properties=(
        Property(
            name="id",
            type=_STRING,
            writable=Writable.NEVER,
            asked=Asked.EVERYTHING,
            doc="The id, a GUID.",
        ),
        Property(
            name="displayName",
            type=_STRING,
            is_required=True,
            max_length=256,
            asked=Asked.EVERYTHING,
            doc="What administrators call it.",
        ),
        Property(
            name="targetUrl",
            type=_STRING,
            is_required=True,
            max_length=1000,
            asked=Asked.EVERYTHING,
            doc="Where it is, with https; development allows http on this machine.",
        ),
        Property(
            name="authenticationConfiguration",
            type=AUTHENTICATION,
            is_nullable=True,
            doc="How we prove ourselves; a change replaces all of it.",
        ),
    ),
)

API_CONNECTORS = EntitySet(
    title="API connectors",
    entity=API_CONNECTOR,
    doors=(Door(path="/identity/apiConnectors", declared=API_CONNECTOR),),
    source=LISTS,
    read=Read(access=READ),
    create=Create(
        access=WRITE,
        event=EventName.API_CONNECTOR_CREATED,
        prepare=new_api_connector,
        example={
            "displayName": "Check the customer number",
            "targetUrl": "https://hooks.acme.example/customer-number",
            "authenticationConfiguration": {
                "@odata.type": "#microsoft.graph.basicAuthentication",
                "username": "gatelodge",
                "password": "a secret of the hook",
            },
        },
    ),
    update=Update(
        access=WRITE,
        event=EventName.API_CONNECTOR_UPDATED,
        prepare=changed_api_connector,
        is_silent=True,
    ),
    delete=Delete(
        access=WRITE, event=EventName.API_CONNECTOR_DELETED, prepare=removed_api_connector
    ),
    actions=(
        Action(
            name="uploadClientCertificate",
            doc="Prove ourselves with this certificate as soon as it is valid.",
            access=WRITE,
            event=EventName.API_CONNECTOR_UPDATED,
            prepare=uploaded_certificate,
            parameters=(_FILE, _FILE_PASSWORD),
            is_entity_returned=True,
        ),
    ),
)
