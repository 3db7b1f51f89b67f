"""An engine that keeps what it is told in files, behind Kolla's own kolla_container: that module checks every argument, and what is
compared, changed, notified and made anew is as with Docker. One file for each container, in a folder for each host."""

import json
import os

# They are no part of what a container is.
IGNORED = ("action", "auth_email", "auth_password", "auth_registry", "auth_username", "client_timeout", "api_version", "ignore_missing")


class DockerWorker:
    def __init__(self, module):
        self.module = module
        self.params = module.params
        self.changed = False
        self.result = {}
        self.folder = os.environ["OVN_FEDERATION_CONTAINERS"]
        self.path = os.path.join(self.folder, (self.params.get("name") or "") + ".json")
        self.wanted = {key: value for key, value in sorted(self.params.items()) if key not in IGNORED and value not in (None, "", [], {}, False)}

    def _log(self, what):
        host = os.path.basename(os.path.dirname(self.folder))
        with open(os.environ["OVN_FEDERATION_LOG"], "a") as log:
            log.write(f"{host}: {what}\n")

    def _kept(self):
        try:
            with open(self.path) as file:
                return json.load(file)
        except FileNotFoundError:
            return None

    def compare_container(self):
        self.changed = self._kept() != self.wanted
        return self.changed

    def recreate_or_restart_container(self):
        self.changed = True
        os.makedirs(self.folder, exist_ok=True)
        with open(self.path, "w") as file:
            json.dump(self.wanted, file, indent=2)
            file.write("\n")
        self._log("restart " + self.params["name"])

    def stop_container(self):
        if self._kept() is None:
            if self.params.get("ignore_missing"):
                return
            self.module.fail_json(msg="No such container: " + self.params["name"])
        os.remove(self.path)
        self.changed = True
        self._log("stop " + self.params["name"])

    def pull_image(self):
        self.result["image"] = self.params["image"]
