import pytest

import kolla_site


@pytest.fixture(scope="session")
def playbooks():
    """Kolla-Ansible's folder with ours in it and an engine in files."""
    return kolla_site.tree("ansible", stubbed=True)


@pytest.fixture(scope="module")
def paris(playbooks):
    return kolla_site.Site("paris", kolla_site.WORK / "paris", playbooks)


@pytest.fixture(scope="module")
def tokyo(playbooks):
    return kolla_site.Site("tokyo", kolla_site.WORK / "tokyo", playbooks)
