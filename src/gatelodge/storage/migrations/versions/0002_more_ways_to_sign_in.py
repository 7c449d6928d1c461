"""More ways to sign in, and what comes with them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Each subject below brings its own tables."""
    _names_in_accounts()
    _deleted_objects()
    _types_of_providers()
    _authentication_events()
    _what_people_allow()
    _what_people_may()
    _what_grants_rest_on()
    _traces_of_journeys()
    _ages()
    _terms_of_use()
    _who_registered()
    _when_people_changed()
    _known_devices()
    _failed_sign_ins()
    _own_accounts()
    _second_factors()
    _looks()
    _what_sign_ins_rest_on()
    _passkeys()
    _hosts_of_directories()
    _details_of_people()
    _telephone_numbers()
    _custom_policies()


def _custom_policies() -> None:
    op.create_table(
        "trust_framework_policy",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f("fk_trust_framework_policy_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "key", name=op.f("pk_trust_framework_policy")),
    )


def _telephone_numbers() -> None:
    """Allow what nobody could allow so far: what is kept in full says no everywhere."""
    forbidden = '"is_phone_one_time_password_authentication_enabled":false'
    allowed = forbidden.replace("false", "true")
    directory = sa.table("directory", sa.column("policies", sa.Text))
    policies = sa.func.replace(directory.c.policies, forbidden, allowed)
    op.execute(directory.update().values(policies=policies))


def _details_of_people() -> None:
    op.add_column("account", sa.Column("kept_details", sa.Text(), nullable=True))


def _failed_sign_ins() -> None:
    with op.batch_alter_table("lockout", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fingerprint", sa.Text(), nullable=True))
    op.create_table(
        "failed_source",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("window_began_at", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "source", name=op.f("pk_failed_source")),
    )
    op.create_index(op.f("ix_failed_source_window_began_at"), "failed_source", ["window_began_at"])


def _known_devices() -> None:
    op.create_table(
        "known_device",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("device_id", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("first_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("factor_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_known_device_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id", "account_id", "device_id", "network", name=op.f("pk_known_device")
        ),
    )
    op.create_index(op.f("ix_known_device_expires_at"), "known_device", ["expires_at"])


def _what_people_allow() -> None:
    op.create_table(
        "consent",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("app_id", sa.Text(), nullable=False),
        sa.Column("resource_app_id", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_consent_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["directory_id", "app_id"],
            ["application.directory_id", "application.app_id"],
            name=op.f("fk_consent_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id",
            "account_id",
            "app_id",
            "resource_app_id",
            "value",
            name=op.f("pk_consent"),
        ),
    )
    op.create_index(op.f("ix_consent_directory_id_app_id"), "consent", ["directory_id", "app_id"])


def _what_people_may() -> None:
    op.create_table(
        "user_role",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("resource_app_id", sa.Text(), nullable=False),
        sa.Column("role_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_user_role_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["directory_id", "resource_app_id"],
            ["application.directory_id", "application.app_id"],
            name=op.f("fk_user_role_application"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id",
            "account_id",
            "resource_app_id",
            "role_id",
            name=op.f("pk_user_role"),
        ),
    )
    op.create_index(
        op.f("ix_user_role_directory_id_resource_app_id"),
        "user_role",
        ["directory_id", "resource_app_id"],
    )


def _what_grants_rest_on() -> None:
    with op.batch_alter_table("oauth_grant", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("connector_claims", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("ip_address", sa.Text(), nullable=True))


def _what_sign_ins_rest_on() -> None:
    for table in ("session", "oauth_grant"):
        op.add_column(table, sa.Column("upstream", sa.Text(), nullable=True))


def _ages() -> None:
    op.add_column(
        "user_flow",
        sa.Column("age_gating_configuration", sa.Text(), nullable=False, server_default="{}"),
    )
    for name in ("date_of_birth", "age_group", "consent_provided_for_minor"):
        op.add_column("account", sa.Column(name, sa.Text(), nullable=True))


def _terms_of_use() -> None:
    op.add_column(
        "user_flow",
        sa.Column("terms_of_use_configuration", sa.Text(), nullable=False, server_default="{}"),
    )
    op.add_column("account", sa.Column("accepted_terms", sa.Text(), nullable=True))


def _traces_of_journeys() -> None:
    with op.batch_alter_table("interaction", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trace", sa.Text(), nullable=True))
        batch_op.create_index(
            op.f("ix_interaction_directory_id_correlation_id"), ["directory_id", "correlation_id"]
        )
    op.create_table(
        "journey_trace",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("user_flow_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "correlation_id", name=op.f("pk_journey_trace")),
    )
    op.create_index(
        op.f("ix_journey_trace_directory_id_created_at"),
        "journey_trace",
        ["directory_id", "created_at"],
    )


def _when_people_changed() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("updated_at", sa.BigInteger(), nullable=True))


def _who_registered() -> None:
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("registration_token", sa.Text(), nullable=True))


def _names_in_accounts() -> None:
    op.add_column(
        "account", sa.Column("identities", sa.Text(), nullable=False, server_default="[]")
    )
    member = (
        "('sign_in_type', sign_in_type, 'issuer', issuer, 'issuer_assigned_id', issuer_assigned_id)"
    )
    as_json = {
        "sqlite": f"json_group_array(json_object{member})",
        "postgresql": f"CAST(json_agg(json_build_object{member} ORDER BY position) AS text)",
    }[op.get_bind().dialect.name]
    op.execute(
        f"""
        UPDATE account SET identities = names.found FROM (
            SELECT directory_id, account_id, {as_json} AS found
            FROM (SELECT * FROM sign_in_name ORDER BY directory_id, account_id, position) AS name
            GROUP BY directory_id, account_id
        ) AS names
        WHERE names.directory_id = account.directory_id AND names.account_id = account.id
        """  # noqa: S608 - no value of anybody's is in it
    )
    for name in ("issuer_assigned_id", "position"):
        op.drop_column("sign_in_name", name)


def _deleted_objects() -> None:
    for table in ("account", "application", "service_principal"):
        op.add_column(table, sa.Column("deleted_at", sa.BigInteger(), nullable=True))
    op.add_column("service_principal", sa.Column("deleted_grants", sa.Text(), nullable=True))
    for table in ("account", "application", "service_principal"):
        _standing_and_deleted(table)


def _standing_and_deleted(table: str) -> None:
    standing, deleted = sa.text("deleted_at IS NULL"), sa.text("deleted_at IS NOT NULL")
    op.create_index(
        f"ix_{table}_standing",
        table,
        ["directory_id", "id"],
        sqlite_where=standing,
        postgresql_where=standing,
    )
    op.create_index(
        f"ix_{table}_deleted",
        table,
        ["directory_id", "deleted_at", "id"],
        sqlite_where=deleted,
        postgresql_where=deleted,
    )


def _second_factors() -> None:
    of_account = ["directory_id", "account_id"], ["account.directory_id", "account.id"]
    op.create_table(
        "second_factor",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("sealed_secret", sa.Text(), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            *of_account, name=op.f("fk_second_factor_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("directory_id", "account_id", "id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            *of_account, name=op.f("fk_recovery_code_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "directory_id", "account_id", "digest", name=op.f("pk_recovery_code")
        ),
    )


def _looks() -> None:
    op.create_table(
        "branding",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("background_color", sa.Text(), nullable=True),
        sa.Column("accent_color", sa.Text(), nullable=True),
        sa.Column("sign_in_page_text", sa.Text(), nullable=True),
        sa.Column("username_hint_text", sa.Text(), nullable=True),
        sa.Column("custom_terms_of_use_text", sa.Text(), nullable=True),
        sa.Column("custom_terms_of_use_url", sa.Text(), nullable=True),
        sa.Column("custom_privacy_and_cookies_text", sa.Text(), nullable=True),
        sa.Column("custom_privacy_and_cookies_url", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_branding")),
    )
    op.create_table(
        "brand_picture",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("locale", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("directory_id", "locale", "name", name=op.f("pk_brand_picture")),
    )
    op.create_table(
        "page_template",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("user_flow_key", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("sources", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("scripts", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "user_flow_key"],
            ["user_flow.directory_id", "user_flow.key"],
            name=op.f("fk_page_template_user_flow"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id", "user_flow_key", "page_id", name=op.f("pk_page_template")
        ),
    )
    op.create_table(
        "page_script",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("user_flow_key", sa.Text(), nullable=False),
        sa.Column("page_id", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id", "user_flow_key", "page_id"],
            [
                "page_template.directory_id",
                "page_template.user_flow_key",
                "page_template.page_id",
            ],
            name=op.f("fk_page_script_page_template"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "directory_id", "user_flow_key", "page_id", "digest", name=op.f("pk_page_script")
        ),
    )


def _types_of_providers() -> None:
    for name in ("oidc", "saml"):
        op.add_column("identity_provider", sa.Column(name, sa.Text(), nullable=True))


def _passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("is_synced", sa.Boolean(), nullable=False),
        sa.Column("aaguid", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["directory_id", "account_id"],
            ["account.directory_id", "account.id"],
            name=op.f("fk_passkey_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f("pk_passkey")),
    )
    op.create_index(
        op.f("ix_passkey_directory_id_account_id"), "passkey", ["directory_id", "account_id"]
    )
    op.add_column(
        "user_flow",
        sa.Column("passkey_configuration", sa.Text(), nullable=False, server_default="{}"),
    )


def _hosts_of_directories() -> None:
    for table in ("oauth_grant", "logout_notice"):
        op.add_column(table, sa.Column("own_host", sa.Text(), nullable=True))


def _own_accounts() -> None:
    op.add_column(
        "user_flow",
        sa.Column("account_configuration", sa.Text(), nullable=False, server_default="{}"),
    )


def _authentication_events() -> None:
    _of_events(
        "events_flow",
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("include_all_applications", sa.Boolean(), nullable=False),
        sa.Column("app_ids", sa.Text(), nullable=False),
        sa.Column("moments", sa.Text(), nullable=False),
        sa.UniqueConstraint(
            "directory_id", "display_name", name=op.f("uq_events_flow_directory_id_display_name")
        ),
    )
    _of_events(
        "event_listener",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("authentication_events_flow_id", sa.Text(), nullable=True),
        sa.Column("include_all_applications", sa.Boolean(), nullable=False),
        sa.Column("app_ids", sa.Text(), nullable=False),
        sa.Column("moments", sa.Text(), nullable=False),
        sa.Column("extension_call", sa.Text(), nullable=True),
    )
    _of_events(
        "event_extension",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("display_name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("authentication_configuration", sa.Text(), nullable=True),
        sa.Column("endpoint_configuration", sa.Text(), nullable=True),
        sa.Column("client_configuration", sa.Text(), nullable=True),
        sa.Column("claims_for_token_configuration", sa.Text(), nullable=False),
    )


def _of_events(table: str, *columns: sa.Column[object] | sa.Constraint) -> None:
    op.create_table(
        table,
        sa.Column("directory_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        *columns,
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["directory_id"], ["directory.id"], name=op.f(f"fk_{table}_directory")
        ),
        sa.PrimaryKeyConstraint("directory_id", "id", name=op.f(f"pk_{table}")),
    )
