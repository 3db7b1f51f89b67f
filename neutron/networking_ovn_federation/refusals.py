"""What the driver refuses, in words for the tenant who reads them. All of them are 400, and nothing is kept."""

from neutron_lib import exceptions

from networking_ovn_federation import _i18n

_ = _i18n._


class _Refusal(exceptions.BadRequest):
    # BadRequest would put "Bad <resource> request" before it.
    message = ''


class RouterInAnotherBGPVPN(_Refusal):
    message = _("Router %(router)s is in BGPVPN %(name)s (%(other)s) already, and a router can be in one only. "
                "To move it, type first: openstack bgpvpn router association delete %(association)s %(other)s")


class NetworkInAnotherBGPVPN(_Refusal):
    message = _("Network %(network)s is in layer 3 BGPVPN %(name)s (%(other)s) already, and a network can be in one "
                "only. To move it, type first: "
                "openstack bgpvpn network association delete %(association)s %(other)s")


class PortIsARouters(_Refusal):
    message = _("Port %(port)s belongs to router %(router)s, and what is associated is the router. "
                "Type: openstack bgpvpn router association create %(bgpvpn)s %(router)s")


class RoutesOfBGPVPN(_Refusal):
    message = _("A route of type bgpvpn (of BGPVPN %(other)s) is not supported: what one VPN may learn of another is "
                "written in the federation file, by the federation's administrator. Use routes of type prefix: "
                "openstack bgpvpn port association set --prefix-route prefix=PREFIX ASSOCIATION %(bgpvpn)s")


class AnnotationTooLong(_Refusal):
    message = _("BGPVPN %(bgpvpn)s with %(what)s takes %(length)s bytes in OVN's database, and %(limit)s are the most: "
                "use fewer or wider prefixes, fewer targets, or a shorter name.")
