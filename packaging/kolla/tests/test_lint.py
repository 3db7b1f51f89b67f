"""Form: Kolla-Ansible's own linters at its own profile."""

import os
import subprocess

from kolla_site import ENVIRONMENT, HERE, KOLLA_ANSIBLE


def lint(*command, **environment):
    done = subprocess.run(
        [str(word) for word in command], cwd=HERE.parent, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "PATH": f"{ENVIRONMENT}/bin:{os.environ['PATH']}", **{key: str(value) for key, value in environment.items()}})
    assert done.returncode == 0, done.stdout


def test_ansible_lint_at_profile_production():
    theirs = KOLLA_ANSIBLE / "ansible"
    lint(
        "ansible-lint", "-c", ".ansible-lint", "--format=pep8", "--nocolor", "ansible/roles/ovn-federation", "ansible/ovn-federation.yml",
        ANSIBLE_LIBRARY=theirs / "library", ANSIBLE_ACTION_PLUGINS=theirs / "action_plugins",
        ANSIBLE_FILTER_PLUGINS=theirs / "filter_plugins", ANSIBLE_MODULE_UTILS=theirs / "module_utils", ANSIBLE_ROLES_PATH=theirs / "roles")


def test_yamllint():
    lint("yamllint", "--strict", "-c", "tests/yamllint.yml", "ansible", "tests/sites")
