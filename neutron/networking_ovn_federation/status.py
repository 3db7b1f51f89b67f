"""What a tenant is told of a BGPVPN: whether it works, and which clouds it reaches. Pure.

ACTIVE    every cloud that it should reach is reached, in both directions
DEGRADED  some are not, or packets are lost
PENDING   nothing to reach yet: no VPN of the federation has it, nothing is associated, or nobody is at the other end
UNKNOWN   the federation does not know, or has not been heard for a minute
DOWN      (of one cloud) it should be reached and is not
"""

import json
import typing

ACTIVE = 'ACTIVE'
DEGRADED = 'DEGRADED'
PENDING = 'PENDING'
UNKNOWN = 'UNKNOWN'
DOWN = 'DOWN'

# Older than so many seconds is unknown.
STALE = 60

# Of the coordinator's verdict on a pair of clouds (VerdictState in verdict.proto, without its prefix).
_OF_VERDICT = {'OK': ACTIVE, 'PROGRAMMED': ACTIVE, 'DEGRADED': DEGRADED, 'FAILED': DOWN, 'EMPTY': PENDING,
               'WAITING': PENDING}
# Of two directions, or of two VPNs, the worse one counts.
_WORSE = (DOWN, UNKNOWN, DEGRADED, PENDING, ACTIVE)


class Status(typing.NamedTuple):
    status: str
    # Of every cloud, sorted: {'cloud': 'tokyo', 'status': 'ACTIVE'}.
    reaches: tuple = ()


class Verdict(typing.NamedTuple):
    vpn: str
    # Names of clouds: the viewer must reach the addresses of the origin.
    origin: str
    viewer: str
    # As in VerdictState, without its prefix.
    state: str


def judge(cloud, vpns_of, verdicts):
    """By BGPVPN of a cloud, what its owner is told.

    :param cloud: the cloud's name in the federation
    :param vpns_of: by id of a BGPVPN, the names of the VPNs of the federation that have it
    :param verdicts: of all pairs that the cloud is in
    """
    of_vpn = {}
    for verdict in verdicts:
        other = verdict.viewer if verdict.origin == cloud else verdict.origin
        if other != cloud:
            reached = of_vpn.setdefault(verdict.vpn, {})
            reached[other] = worse(reached.get(other, ACTIVE), _OF_VERDICT.get(verdict.state, UNKNOWN))
    statuses = {}
    for bgpvpn, vpns in vpns_of.items():
        reached = {}
        for vpn in vpns:
            for other, state in of_vpn.get(vpn, {}).items():
                reached[other] = worse(reached.get(other, ACTIVE), state)
        statuses[bgpvpn] = Status(_overall(set(reached.values())), tuple(
            {'cloud': other, 'status': state} for other, state in sorted(reached.items())))
    return statuses


def worse(one, other):
    return min(one, other, key=_WORSE.index)


def _overall(states):
    if not states or states == {PENDING}:
        return PENDING
    if states == {UNKNOWN}:
        return UNKNOWN
    # What has nobody at its other end yet does not spoil what works.
    if states <= {ACTIVE, PENDING}:
        return ACTIVE
    return DEGRADED


def shown(kept, now):
    """What the API shows of a kept status.

    :param kept: (status, reaches as JSON text, seconds since 1970), or None: nothing is kept
    """
    # A clock that is ahead by a minute is as little to be believed.
    if kept is None or abs(now - kept[2]) > STALE:
        return {'status': UNKNOWN, 'reaches': []}
    try:
        return {'status': kept[0], 'reaches': json.loads(kept[1])}
    except ValueError:
        return {'status': UNKNOWN, 'reaches': []}
