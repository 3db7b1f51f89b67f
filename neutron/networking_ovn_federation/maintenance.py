"""The repair, under Neutron's own maintenance thread and lock: one worker of a cluster does it.

It is part of being right, not a luxury: Neutron sets external_ids as a whole from what its replica had, so one of
its updates can undo ours, and nobody would ever know.
"""

import sys
import time

from futurist import periodics
from neutron_lib import context as n_context
from neutron_lib.db import api as db_api
from neutron_lib.plugins import directory
from oslo_config import cfg
from oslo_log import log

from networking_ovn_federation import annotations
from networking_ovn_federation import annotator
from networking_ovn_federation import config
from networking_ovn_federation import coordinator
from networking_ovn_federation import facts
from networking_ovn_federation import status_db

LOG = log.getLogger(__name__)

# Neutron's own EVPN service plugin, in 29 and newer.
EVPN = 'EVPN'


class Repair:
    """What Neutron's maintenance thread does for us."""

    def __init__(self, nb):
        self._nb = nb
        # What was warned of: once, and not every half minute.
        self._warned = frozenset()
        interval = config.register(cfg.CONF)[config.GROUP].repair_interval

        # The thread looks for members that are marked as periodic, and only a function can be marked.
        @periodics.periodic(spacing=interval, run_immediately=True)
        def repair():
            self.run()
        self.repair = repair

    def run(self):
        """One pass, where this worker has the lock. An error is logged, and the next pass tries again."""
        if not self._nb.idl.has_lock:
            return
        started = time.monotonic()
        try:
            changes, wanted = annotator.repair(self._nb)
            for row, change in sorted(changes.items()):
                LOG.info("Repaired %s %s: set %s, removed %s", row.table, row.name or '.', sorted(change.set),
                         sorted(change.remove))
            warnings = frozenset(too_long(wanted)) | frozenset(announced_twice(evpn_routers()))
            for warning in sorted(warnings - self._warned):
                LOG.warning(warning)
            self._warned = warnings
        except Exception:
            LOG.exception("The repair of OVN's annotations failed; it is tried again")
        else:
            LOG.debug("Repair pass of OVN's annotations: %d rows changed, %.3f s", len(changes),
                      time.monotonic() - started)


class StatusReading:
    """Reads what the coordinator says of this cloud's BGPVPNs, and keeps it for the workers of the API."""

    def __init__(self, nb):
        self._nb = nb
        self._failed = False
        conf = config.register(cfg.CONF)[config.GROUP]
        self._coordinator = coordinator.Coordinator(conf.coordinator, conf.cloud, conf.reader_certificate,
                                                    conf.reader_key, conf.trust_roots)

        @periodics.periodic(spacing=conf.status_interval, run_immediately=True)
        def read():
            self.run()
        self.read = read

    def run(self):
        """One reading, where this worker has the lock. Where it fails, what was kept becomes UNKNOWN by its age."""
        if not self._nb.idl.has_lock:
            return
        try:
            statuses = self._coordinator.statuses()
            context = n_context.get_admin_context()
            status_db.keep(context, statuses, facts.read_all(context).bgpvpns)
        except Exception as error:
            if not self._failed:
                LOG.warning("Cannot read the status of BGPVPNs from the coordinator at %s; they are UNKNOWN until "
                            "that succeeds: %s", self._coordinator.endpoint, error)
            self._failed = True
        else:
            if self._failed:
                LOG.info("The status of BGPVPNs is read again")
            self._failed = False


def periodics_of(ovn_client):
    """What MechanismDriver._start_maintenance_thread asks for."""
    # It takes an AttributeError for a plugin without periodics, and says nothing: it must not be ours.
    try:
        nb = ovn_client._nb_idl
    except AttributeError:
        LOG.exception("This release of Neutron gives no connection to the maintenance of OVN's annotations: nothing "
                      "is repaired")
        return []
    work = [Repair(nb)]
    try:
        if not config.register(cfg.CONF)[config.GROUP].coordinator:
            pass
        elif runs_on_eventlet():
            LOG.warning("The status of BGPVPNs is not read, and stays UNKNOWN: gRPC does not work in a process of "
                        "eventlet. Neutron 28 and newer runs without it.")
        else:
            work.append(StatusReading(nb))
    except Exception:
        LOG.exception("The status of BGPVPNs is not read")
    return work


def runs_on_eventlet():
    """Threads of this process are eventlet's: a call of gRPC would never end."""
    patcher = sys.modules.get('eventlet.patcher')
    return patcher is not None and patcher.is_monkey_patched('thread')


def join(mechanism):
    """Adds the repair to the maintenance thread of an OVN mechanism driver that has one, and does not ask for it."""
    thread = getattr(mechanism, '_maintenance_thread', None)
    if thread is None:
        return
    for work in periodics_of(mechanism._ovn_client):
        thread._worker.add(getattr(work, 'repair', None) or work.read)
    LOG.info("The repair of OVN's annotations joined Neutron's maintenance thread")


def too_long(wanted):
    """Sentences about values that the agent does not read: of BGPVPNs from before this driver."""
    for row, keys in wanted.items():
        for name, text in keys.items():
            if name.startswith(annotations.BGPVPN_KEY) and annotations.length(text) > annotations.VALUE_LIMIT:
                yield (f"{row.table} {row.name or '.'}: the value of {name} has {annotations.length(text)} bytes, and "
                       f"{annotations.VALUE_LIMIT} are the most: the agent does not attach it. Give that BGPVPN fewer "
                       "prefixes or targets.")


def announced_twice(routers):
    """Sentences about routers that Neutron's own EVPN plugin announces too."""
    for router in routers:
        yield (f"Router {router} is in a BGPVPN and has an evpn_vni of Neutron's own EVPN plugin: its prefixes are "
               "announced twice. Take the router out of the BGPVPN (openstack bgpvpn router association delete), or "
               "put a router without evpn_vni in its place.")


def evpn_routers(routers=None):
    """Those of the routers (ids; None: all that are associated) that have an EVPN instance of Neutron's own."""
    if directory.get_plugin(EVPN) is None:
        return []
    # Only now: the import gives every router a relation more to load.
    from neutron.db.models import evpn
    context = n_context.get_admin_context()
    with db_api.CONTEXT_READER.using(context):
        instances = {row[0] for row in context.session.query(evpn.EVPNL3Instance.router_id).all()}
    if instances and routers is None:
        routers = {a.target for a in facts.read_all(context).associations if a.by == 'router'}
    return sorted(instances & set(routers or ()))
