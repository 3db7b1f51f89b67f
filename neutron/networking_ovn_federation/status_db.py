"""Keeps what the maintenance worker read, for the workers of the API: a table of ours in Neutron's database."""

import json
import time

from neutron_lib.db import api as db_api
from neutron_lib.db import model_base
from oslo_db import exception as db_exc
from oslo_log import log
import sqlalchemy as sa

from networking_ovn_federation import status

LOG = log.getLogger(__name__)


class BGPVPNStatus(model_base.BASEV2):
    """The last status of a BGPVPN that the coordinator told."""
    __tablename__ = 'ovn_federation_bgpvpn_statuses'

    bgpvpn_id = sa.Column(sa.String(36), sa.ForeignKey('bgpvpns.id', ondelete='CASCADE'), primary_key=True)
    status = sa.Column(sa.String(16), nullable=False)
    # JSON text.
    reaches = sa.Column(sa.Text, nullable=False)
    # Seconds since 1970, by the clock of the worker that read it.
    read_at = sa.Column(sa.BigInteger, nullable=False)


def keep(context, statuses, known, now=None):
    """Keeps statuses by id of those BGPVPNs that are known; of known ones without a status: PENDING."""
    now = int(time.time()) if now is None else now
    with db_api.CONTEXT_WRITER.using(context):
        kept = {row.bgpvpn_id: row for row in context.session.query(BGPVPNStatus).all()}
        for bgpvpn in known:
            told = statuses.get(bgpvpn, status.Status(status.PENDING))
            row = kept.get(bgpvpn)
            if row is None:
                row = BGPVPNStatus(bgpvpn_id=bgpvpn)
                context.session.add(row)
            row.status, row.reaches, row.read_at = told.status, json.dumps(told.reaches), now


def shown(context, ids, now=None):
    """By id, what the API shows."""
    now = int(time.time()) if now is None else now
    table = BGPVPNStatus
    try:
        with db_api.CONTEXT_READER.using(context):
            query = context.session.query(table.bgpvpn_id, table.status, table.reaches, table.read_at)
            kept = {row[0]: row[1:] for row in query.filter(table.bgpvpn_id.in_(ids)).all()} if ids else {}
    except db_exc.DBError:
        # `neutron-db-manage upgrade heads` was not run: nobody must wait for a status.
        LOG.exception("Statuses of BGPVPNs cannot be read")
        kept = {}
    return {bgpvpn: status.shown(kept.get(bgpvpn), now) for bgpvpn in ids}
