"""Buildah and Podman, where there is no systemd, no registry, and not every capability: images and containers in a folder of their own."""

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

from kolla_site import ROOT


def sh(*command, fails=False, **options):
    done = subprocess.run(
        [str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL, **options)
    assert fails is None or (done.returncode != 0) == fails, f"{' '.join(map(str, command))}: {done.returncode}\n{done.stdout}"
    return done.stdout


# For who works on these tests: the images of the last run are taken as they are.
KEEPS = "OVN_FEDERATION_KEEP" in os.environ


class Engine:
    def __init__(self, folder):
        self.folder = Path(folder)
        if not KEEPS:
            self.remove()
        self.folder.mkdir(parents=True, exist_ok=True)
        # This storage driver copies whole images, some 4 GiB in all: in memory, where there is plenty.
        free = int(re.search(r"MemAvailable: +(\d+)", Path("/proc/meminfo").read_text())[1]) >> 20
        if free >= 10 and not self.folder.is_mount():
            sh("mount", "-t", "tmpfs", "-o", "size=8G,mode=0700", "engine", self.folder)
        self.store = ["--root", str(self.folder / "store"), "--runroot", str(self.folder / "run"), "--storage-driver", "vfs"]
        # crun wants cgroups of version 2 alone; a mount namespace has them, whatever the machine has.
        self.keeper = subprocess.Popen([
            # A slave: network namespaces that are made later are seen, what is done here is not.
            "unshare", "--mount", "--propagation", "slave", "sh", "-c",
            "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; echo ready; exec sleep 3600"], stdout=subprocess.PIPE, text=True)
        assert self.keeper.stdout.readline() == "ready\n"

    def buildah(self, *arguments):
        return sh("buildah", *self.store, *arguments)

    def podman(self, *arguments, **options):
        return sh(
            "nsenter", "--mount", f"--target={self.keeper.pid}", "podman", *self.store, "--cgroup-manager", "cgroupfs", "--events-backend", "none",
            *arguments, **options)

    def load(self, tar, name):
        """An image of nothing but a root file system."""
        container = self.buildah("from", "scratch").strip()
        self.buildah("add", "--quiet", container, tar, "/")
        self.buildah("commit", "--quiet", container, name)
        self.buildah("rm", container)

    def build(self, context, name):
        # Without layers of each step: this storage driver copies the whole image for each.
        self.buildah("bud", "--layers=false", "--isolation", "chroot", "--pull-never", "--tag", name, context)

    def run(self, spec, network, image, mounts):
        """A container as the role asked for it. `mounts` are what this machine has in other places, by the path that the role names."""
        arguments = ["run", "--detach", "--name", f"{network}-{spec['name']}", "--hostname", network, "--network", f"ns:/run/netns/{network}"]
        # What needs CAP_SYS_RESOURCE or cgroups is left away: limits of files and processes, and health that is looked at by a timer.
        arguments += ["--cgroups", "disabled", "--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
        for key, value in spec["environment"].items():
            arguments += ["--env", f"{key}={value}"]
        for capability in spec.get("cap_add", []):
            arguments += ["--cap-add", capability]
        if spec.get("privileged"):
            arguments.append("--privileged")
        for volume in spec["volumes"]:
            source, rest = volume.split(":", 1)
            source = mounts.get(source, source)
            if source is None:
                continue
            # A volume is a host's own; here all hosts are one.
            arguments += ["--volume", f"{source if source.startswith('/') else network + '-' + source}:{rest}"]
        return self.podman(*arguments, image)

    def remove(self):
        if hasattr(self, "keeper"):
            self.podman("rm", "--all", "--force", "--time", "2", fails=None)
            self.keeper.terminate()
            self.keeper.wait()
        if KEEPS:
            return
        sh("umount", "--recursive", "--lazy", self.folder, fails=None)
        shutil.rmtree(self.folder, ignore_errors=True)


def within(seconds, look):
    """What `look` gives, as soon as it gives anything; it may fail until then."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = look()
            if value:
                return value
        except AssertionError:
            if time.monotonic() > end:
                raise
        assert time.monotonic() < end, "not within the time"
        time.sleep(0.5)


def packages(*names):
    sh(ROOT / "Scripts/install-debian-packages", *names)


def debian(suite):
    """A small Debian, made once on this machine."""
    return Path(sh(ROOT / "Scripts/debian-base", suite).splitlines()[-1])


