"""statuses of BGPVPNs

Revision ID: 4f2c7d1e9a60
Revises: None
Create Date: 2026-11-29 18:00:00.000000

"""

from alembic import op
import sqlalchemy as sa

# revision identifiers, used by Alembic.
revision = '4f2c7d1e9a60'
down_revision = None
# networking-bgpvpn's table must be there: neutron-db-manage upgrades in the order of names.


def upgrade():
    op.create_table(
        'ovn_federation_bgpvpn_statuses',
        sa.Column('bgpvpn_id', sa.String(36), sa.ForeignKey('bgpvpns.id', ondelete='CASCADE'), primary_key=True),
        sa.Column('status', sa.String(16), nullable=False),
        sa.Column('reaches', sa.Text(), nullable=False),
        sa.Column('read_at', sa.BigInteger(), nullable=False))
