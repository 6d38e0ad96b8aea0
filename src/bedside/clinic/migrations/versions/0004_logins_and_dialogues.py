"""Logins by an identity provider, keys that end, logins bound to a patient; dialogues; exports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add them; what is there stays as it is."""
    op.add_column("users", sa.Column("identity", sa.String(length=400), nullable=True))
    op.add_column("users", sa.Column("last_login", sa.Float(), nullable=True))
    op.create_index(op.f("ix_users_identity"), "users", ["identity"], unique=True)
    op.add_column("api_keys", sa.Column("expires", sa.Float(), nullable=True))
    op.add_column("sessions", sa.Column("patient_id", sa.String(length=40), nullable=True))
    op.create_table(
        "dialogues",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=400), nullable=False),
        sa.Column("patient_id", sa.String(length=40), nullable=True),
        sa.Column("data_key", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_dialogues_patient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dialogues")),
    )
    op.create_index(op.f("ix_dialogues_patient_id"), "dialogues", ["patient_id"], unique=False)
    op.create_index(op.f("ix_dialogues_user_id"), "dialogues", ["user_id"], unique=False)
    op.create_table(
        "exports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.String(length=400), nullable=False),
        sa.Column("asked", sa.String(length=2000), nullable=False),
        sa.Column("seen", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("counts", sa.String(length=2000), nullable=True),
        sa.Column("created", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index(op.f("ix_exports_user_id"), "exports", ["user_id"], unique=False)
