"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_event",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("is_success", sa.Boolean(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=True),
        sa.Column("correlation_id", sa.Text(), nullable=True),
        sa.Column("ip_address", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_audit_event")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_event_directory_id_kind_at"),
            ["directory_id", "kind", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_audit_event_sequence_at_directory_id_id"),
            ["sequence", "at", "directory_id", "id"],
            unique=False,
        )

    op.create_table(
        "logout_notice",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("user_flow_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_logout_notice")),
    )
    op.create_index(op.f("ix_logout_notice_next_attempt_at"), "logout_notice", ["next_attempt_at"])
    op.create_table(
        "audit_checkpoint",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("swept_sequence", sa.BigInteger(), nullable=False),
        sa.Column("swept_digest", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("mac", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_checkpoint")),
    )

    op.create_table(
        "directory",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("domain_key", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("extensions_app_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("switches", sa.Text(), nullable=False),
        sa.Column("policies", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory")),
        sa.UniqueConstraint("domain_key", name=op.f("uq_directory_domain_key")),
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("is_development", sa.Boolean(), nullable=False),
        sa.Column("key_check", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "interaction",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_flow_id", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("browser", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("completed", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("code_id", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_interaction")),
    )
    with op.batch_alter_table("interaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interaction_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "lockout",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("lockouts", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=True),
        sa.Column("last_failure_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "key", name=op.f("pk_lockout")),
    )
    with op.batch_alter_table("lockout", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lockout_last_failure_at"), ["last_failure_at"], unique=False
        )

    op.create_table(
        "message",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_message")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_directory_id_sequence"),
            ["directory_id", "sequence"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_message_sent_at_next_attempt_at"),
            ["sent_at", "next_attempt_at"],
            unique=False,
        )

    op.create_table(
        "proof",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("interaction_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("consumed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_proof")),
    )
    with op.batch_alter_table("proof", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proof_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_proof_directory_id_interaction_id"),
            ["directory_id", "interaction_id"],
            unique=False,
        )

    op.create_table(
        "sent_code",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("window_began_at", sa.BigInteger(), nullable=False),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "address", name=op.f("pk_sent_code")),
    )
    with op.batch_alter_table("sent_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sent_code_window_began_at"), ["window_began_at"], unique=False
        )

    op.create_table(
        "account",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("sign_in_sessions_valid_from", sa.BigInteger(), nullable=False),
        sa.Column("account_enabled", sa.Boolean(), nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("surname", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("street_address", sa.Text(), nullable=True),
        sa.Column("postal_code", sa.Text(), nullable=True),
        sa.Column("job_title", sa.Text(), nullable=True),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.Column("is_email_proved", sa.Boolean(), nullable=True),
        sa.Column("mobile_phone", sa.Text(), nullable=True),
        sa.Column("mail_nickname", sa.Text(), nullable=True),
        sa.Column("user_principal_name", sa.Text(), nullable=True),
        sa.Column("creation_type", sa.Text(), nullable=True),
        sa.Column("password_policies", sa.Text(), nullable=True),
        sa.Column("extensions", sa.Text(), nullable=False),
        sa.Column("directory_roles", sa.Text(), nullable=False),
        sa.Column("show_in_address_list", sa.Boolean(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("display_name_key", sa.Text(), nullable=False),
        sa.Column("mail_key", sa.Text(), nullable=False),
        sa.Column("user_principal_name_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_account_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_account")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_directory_id_created_at_id"),
            ["directory_id", "created_at", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_account_directory_id_display_name_key_id"),
            ["directory_id", "display_name_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_account_directory_id_mail_key_id"),
            ["directory_id", "mail_key", "id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_account_directory_id_user_principal_name_key_id"),
            ["directory_id", "user_principal_name_key", "id"],
            unique=False,
        )

    op.create_table(
        "application",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sign_in_audience", sa.Text(), nullable=False),
        sa.Column("identifier_uris", sa.Text(), nullable=False),
        sa.Column("web_redirect_uris", sa.Text(), nullable=False),
        sa.Column("spa_redirect_uris", sa.Text(), nullable=False),
        sa.Column("public_client_redirect_uris", sa.Text(), nullable=False),
        sa.Column("web_logout_url", sa.Text(), nullable=True),
        sa.Column("web_back_channel_logout_url", sa.Text(), nullable=True),
        sa.Column("web_home_page_url", sa.Text(), nullable=True),
        sa.Column("is_id_token_issuance_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_access_token_issuance_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_fallback_public_client", sa.Boolean(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("oauth2_permission_scopes", sa.Text(), nullable=False),
        sa.Column("pre_authorized_applications", sa.Text(), nullable=False),
        sa.Column("app_roles", sa.Text(), nullable=False),
        sa.Column("required_resource_access", sa.Text(), nullable=False),
        sa.Column("password_credentials", sa.Text(), nullable=False),
        sa.Column("key_credentials", sa.Text(), nullable=False),
        sa.Column("requires_pushed_requests", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("owner_ids", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_application_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_application")),
        sa.UniqueConstraint(
            "directory_id", "app_id", name=op.f("uq_application_directory_id_app_id")
        ),
    )
    op.create_table(
        "signing_key",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("algorithm", sa.Text(), nullable=False),
        sa.Column("public_jwk", sa.Text(), nullable=False),
        sa.Column("sealed_private_key", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("active_at", sa.BigInteger(), nullable=False),
        sa.Column("retired_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_signing_key_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_signing_key")),
    )
    op.create_table(
        "user_attribute",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("display_name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("data_type", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_user_attribute_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "key", name=op.f("pk_user_attribute")),
        sa.UniqueConstraint(
            "directory_id",
            "display_name_key",
            name=op.f("uq_user_attribute_directory_id_display_name_key"),
        ),
    )
    op.create_table(
        "user_flow",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_flow_type", sa.Text(), nullable=False),
        sa.Column("user_flow_type_version", sa.Double(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("is_language_customization_enabled", sa.Boolean(), nullable=False),
        sa.Column("default_language_tag", sa.Text(), nullable=True),
        sa.Column("authentication_methods", sa.Text(), nullable=False),
        sa.Column("is_conditional_access_enforced", sa.Boolean(), nullable=False),
        sa.Column("is_java_script_enabled", sa.Boolean(), nullable=False),
        sa.Column("multifactor_authentication_configuration", sa.Text(), nullable=False),
        sa.Column("token_claims_configuration", sa.Text(), nullable=False),
        sa.Column("token_lifetime_configuration", sa.Text(), nullable=False),
        sa.Column("single_sign_on_session_configuration", sa.Text(), nullable=False),
        sa.Column("password_complexity_configuration", sa.Text(), nullable=False),
        sa.Column("one_time_code_configuration", sa.Text(), nullable=False),
        sa.Column("application_claims", sa.Text(), nullable=False),
        sa.Column("attributes", sa.Text(), nullable=False),
        sa.Column("is_b2x", sa.Boolean(), nullable=False),
        sa.Column("identity_providers", sa.Text(), nullable=False),
        sa.Column("api_connectors", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("page_layouts", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_user_flow_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "key", name=op.f("pk_user_flow")),
    )
    op.create_table(
        "language_page",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("user_flow_key", sa.Text(), nullable=False),
        sa.Column("language_key", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "user_flow_key"],
            ["user_flow.directory_id", "user_flow.key"],
            name=op.f("fk_language_page_user_flow"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id",
            "user_flow_key",
            "language_key",
            "page_id",
            name=op.f("pk_language_page"),
        ),
    )
    op.create_table(
        "identifier_uri",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("uri", sa.Text(), nullable=False),
        sa.Column("application_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "application_id"],
            ["application.directory_id", "application.id"],
            name=op.f("fk_identifier_uri_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "uri", name=op.f("pk_identifier_uri")),
    )
    op.create_table(
        "oauth_grant",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("user_flow_id", sa.Text(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("auth_time", sa.BigInteger(), nullable=False),
        sa.Column("amr", sa.Text(), nullable=False),
        sa.Column("nonce", sa.Text(), nullable=True),
        sa.Column("is_new_account", sa.Boolean(), nullable=False),
        sa.Column("session_id", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("key_thumbprint", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_oauth_grant_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_oauth_grant")),
    )
    with op.batch_alter_table("oauth_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oauth_grant_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_oauth_grant_directory_id_account_id"),
            ["directory_id", "account_id"],
            unique=False,
        )

    op.create_table(
        "password_credential",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("force_change_next_sign_in", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_password_credential_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "account_id", name=op.f("pk_password_credential")),
    )
    op.create_table(
        "identity_provider",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("identity_provider_type", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=True),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("metadata_url", sa.Text(), nullable=True),
        sa.Column("response_mode", sa.Text(), nullable=True),
        sa.Column("response_type", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("domain_hint", sa.Text(), nullable=True),
        sa.Column("claims_mapping", sa.Text(), nullable=True),
        sa.Column("developer_id", sa.Text(), nullable=True),
        sa.Column("service_id", sa.Text(), nullable=True),
        sa.Column("key_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_identity_provider_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "key", name=op.f("pk_identity_provider")),
    )
    op.create_table(
        "api_connector",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("target_url", sa.Text(), nullable=False),
        sa.Column("username", sa.Text(), nullable=True),
        sa.Column("password", sa.Text(), nullable=True),
        sa.Column("certificates", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_api_connector_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_api_connector")),
    )
    op.create_table(
        "sign_in_identifier",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("validation_reg_ex", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_sign_in_identifier_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "name", name=op.f("pk_sign_in_identifier")),
    )
    op.create_table(
        "service_principal",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("account_enabled", sa.Boolean(), nullable=False),
        sa.Column("app_role_assignment_required", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"],
            ["directory.id"],
            name=op.f("fk_service_principal_directory"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_service_principal")),
        sa.UniqueConstraint(
            "directory_id", "app_id", name=op.f("uq_service_principal_directory_id_app_id")
        ),
    )
    op.create_table(
        "permission_grant",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("resource_app_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "app_id"],
            ["application.directory_id", "application.app_id"],
            name=op.f("fk_permission_grant_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id",
            "app_id",
            "resource_app_id",
            "kind",
            "value",
            name=op.f("pk_permission_grant"),
        ),
    )
    op.create_table(
        "session",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("user_flow_id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("auth_time", sa.BigInteger(), nullable=False),
        sa.Column("amr", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_session_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_session")),
    )
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_directory_id_account_id"),
            ["directory_id", "account_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "sign_in_name",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("sign_in_type", sa.Text(), nullable=False),
        sa.Column("issuer_assigned_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_sign_in_name_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "issuer", "key", name=op.f("pk_sign_in_name")),
    )
    with op.batch_alter_table("sign_in_name", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_name_directory_id_account_id"),
            ["directory_id", "account_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_name_directory_id_key"), ["directory_id", "key"], unique=False
        )

    op.create_table(
        "authorization_code",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("redirect_uri", sa.Text(), nullable=False),
        sa.Column("code_challenge", sa.Text(), nullable=True),
        sa.Column("is_plain_challenge", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id", "grant_id"],
            ["oauth_grant.directory_id", "oauth_grant.id"],
            name=op.f("fk_authorization_code_oauth_grant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_authorization_code")),
    )
    with op.batch_alter_table("authorization_code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authorization_code_directory_id_grant_id"),
            ["directory_id", "grant_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_authorization_code_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "pushed_request",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("key_thumbprint", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_pushed_request")),
    )
    with op.batch_alter_table("pushed_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_pushed_request_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "device_request",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("user_code", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("user_flow_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("polled_at", sa.BigInteger(), nullable=True),
        sa.Column("grant_id", sa.Text(), nullable=True),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("redeemed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_device_request")),
        sa.UniqueConstraint(
            "directory_id", "user_code", name=op.f("uq_device_request_directory_id_user_code")
        ),
    )
    with op.batch_alter_table("device_request", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_device_request_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "used_identifier",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_used_identifier")),
    )
    with op.batch_alter_table("used_identifier", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_used_identifier_expires_at"), ["expires_at"], unique=False
        )

    op.create_table(
        "refresh_token",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("grant_id", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("rotated_at", sa.BigInteger(), nullable=True),
        sa.Column("successor_id", sa.Text(), nullable=True),
        sa.Column("replay", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id", "grant_id"],
            ["oauth_grant.directory_id", "oauth_grant.id"],
            name=op.f("fk_refresh_token_oauth_grant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_refresh_token")),
    )
    with op.batch_alter_table("refresh_token", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_refresh_token_directory_id_grant_id"),
            ["directory_id", "grant_id"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_refresh_token_expires_at"), ["expires_at"], unique=False
        )
