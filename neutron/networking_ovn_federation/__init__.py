"""BGPVPN service driver that writes associations into OVN's northbound database."""
