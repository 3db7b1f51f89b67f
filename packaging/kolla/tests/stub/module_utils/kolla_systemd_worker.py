"""Stands in for Kolla's own: here is no systemd to ask."""


class SystemdWorker:
    def __init__(self, params):
        pass
