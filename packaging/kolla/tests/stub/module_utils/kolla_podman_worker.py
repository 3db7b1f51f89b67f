"""The same engine in files."""

from ansible.module_utils.kolla_docker_worker import DockerWorker


class PodmanWorker(DockerWorker):
    pass
