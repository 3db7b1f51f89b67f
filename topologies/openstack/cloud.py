"""One OpenStack cloud beside the lab: its own MariaDB, Keystone and Neutron, in the network namespace of the process that starts them."""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import urllib.error
import urllib.request

import journal

HERE = pathlib.Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
OUT = REPOSITORY / "out" / "openstack"
RUN = pathlib.Path("/run/fedlab-openstack")
REGION = "RegionOne"
# Where Neutron finds our driver.
DRIVER = pathlib.Path(os.environ.get("FEDLAB_NEUTRON_DRIVER", REPOSITORY / "neutron"))


class Cloud:
    """A cloud of lab.yaml. `venv` is where OpenStack is installed, `template` an initialized database directory."""

    def __init__(self, name, plan, central, venv, template):
        self.name = name
        self.plan = plan
        self.number = int(plan["number"])
        # Keystone and Neutron of each cloud have an address of their own, at the usual ports.
        self.address = f"127.0.{self.number}.1"
        self.central = central
        self.venv = pathlib.Path(venv)
        self.template = pathlib.Path(template)
        self.run = RUN / name
        self.logs = OUT / name
        self.processes = {}

    # Programs

    def program(self, name):
        return str(self.venv / "bin" / name)

    @property
    def environment(self):
        """What programs of OpenStack need; the driver is read from the repository."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("OS_")}
        return kept | {"PYTHONPATH": str(DRIVER), "PATH": f"{self.venv}/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}

    def start(self, name, *command):
        log = open(self.logs / f"{name}.out", "ab")
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=self.run, start_new_session=True
        )
        self.processes[name] = process
        (self.run / f"{name}.pid").write_text(f"{process.pid}\n")
        return process

    def call(self, *command, limit=120, **options):
        done = subprocess.run(command, env=self.environment, cwd=self.run, capture_output=True, text=True, timeout=limit, **options)
        if done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(command)} ended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    # Configuration

    def configure(self):
        shutil.rmtree(self.run, ignore_errors=True)
        shutil.rmtree(self.logs, ignore_errors=True)
        for folder in (self.run, self.run / "none", self.run / "neutron" / "lock", self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        words = {
            "run": self.run, "logs": self.logs, "address": self.address, "central": self.central, "venv": self.venv,
            "driver": DRIVER, "as": self.plan["as"], "log": "neutron",
        }
        for name in ("my.cnf", "keystone.conf", "keystone.ini", "neutron.conf", "neutron.ini", "ml2.ini"):
            self.fill(name, name, words)
        # Other programs of Neutron read the same, and write logs of their own.
        self.fill("neutron.conf", "tools.conf", words | {"log": "neutron-tools"})
        self.fill("neutron.conf", "maintenance.conf", words | {"log": "neutron-maintenance"})
        for folder in ("fernet-keys", "credential-keys"):
            (self.run / folder).mkdir(mode=0o700)
            for key in ("0", "1"):
                (self.run / folder / key).write_bytes(base64.urlsafe_b64encode(os.urandom(32)))

    def fill(self, template, name, words):
        text = (HERE / "etc" / template).read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", str(value))
        (self.run / name).write_text(text)

    def neutron_files(self, name):
        return ["--config-file", str(self.run / name), "--config-file", str(self.run / "ml2.ini")]

    # Raising

    def start_database(self):
        if not (self.run / "mysql").exists():
            shutil.copytree(self.template, self.run / "mysql")
        self.start("mariadbd", "mariadbd", f"--defaults-file={self.run}/my.cnf")
        journal.until(
            f"database of {self.name}", 30,
            lambda: subprocess.run(["mysqladmin", f"--socket={self.run}/mysql.sock", "ping"], capture_output=True).returncode == 0,
        )

    def start_keystone(self):
        self.call(
            self.program("keystone-manage"), "--config-file", f"{self.run}/keystone.conf", "bootstrap", "--bootstrap-password", "admin",
            *(f"--bootstrap-{kind}-url=http://{self.address}:5000/v3" for kind in ("public", "internal", "admin")),
            "--bootstrap-region-id", REGION,
        )
        self.start("keystone", self.program("uwsgi"), "--ini", str(self.run / "keystone.ini"))
        self.answers(f"http://{self.address}:5000/v3", 60)

    def start_neutron(self):
        self.start("neutron", self.program("uwsgi"), "--ini", str(self.run / "neutron.ini"))
        self.start("maintenance", self.program("neutron-ovn-maintenance-worker"), *self.neutron_files("maintenance.conf"))
        self.answers(f"http://{self.address}:9696/", 120)

    def answers(self, url, limit):
        def asks():
            for name, process in self.processes.items():
                if process.poll() is not None:
                    raise RuntimeError(f"{name} of {self.name} ended with {process.returncode}; see {self.logs}")
            try:
                return urllib.request.urlopen(url, timeout=limit).status == 200
            except urllib.error.HTTPError as error:
                return error.code < 500
            except OSError:
                return False

        journal.until(f"answer from {url}", limit, asks)

    def stop(self, name, patience=20):
        """Ends one of its programs, with what it started."""
        process = self.processes.pop(name, None)
        if process is None:
            return
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            process.wait(5)

    # Who uses it

    def account(self, project, user=None, password=None):
        """An entry of clouds.yaml."""
        return {
            "auth": {
                "auth_url": f"http://{self.address}:5000/v3", "username": user or project, "password": password or project,
                "project_name": project, "user_domain_name": "Default", "project_domain_name": "Default",
            },
            "region_name": REGION, "identity_api_version": 3,
        }

    def connect(self, project):
        import openstack

        return openstack.connect(**self.account(project))

    def create_accounts(self, projects):
        """Projects with a user of their name each; Neutron's own account, and its place in the catalogue. Returns the projects' ids."""
        identity = self.connect("admin").identity
        roles = {role.name: role for role in identity.roles()}

        def account(name, *wanted):
            project = identity.create_project(name=name, domain_id="default")
            user = identity.create_user(name=name, password=name, domain_id="default", default_project_id=project.id)
            for role in wanted:
                identity.assign_project_role_to_user(project, user, roles[role])
            return project

        service = identity.create_project(name="service", domain_id="default")
        neutron = identity.create_user(name="neutron", password="neutron", domain_id="default", default_project_id=service.id)
        for role in ("admin", "service"):
            if role in roles:
                identity.assign_project_role_to_user(service, neutron, roles[role])
        network = identity.create_service(name="neutron", type="network")
        for interface in ("public", "internal", "admin"):
            identity.create_endpoint(
                service_id=network.id, interface=interface, region_id=REGION, url=f"http://{self.address}:9696"
            )
        return {name: account(name, "member").id for name in projects}


def write_clouds_yaml(clouds, projects):
    """What `openstack --os-cloud paris-blue` reads."""
    entries = {}
    for cloud in clouds:
        for project in ("admin", *projects):
            entries[f"{cloud.name}-{project}"] = cloud.account(project)
    path = OUT / "clouds.yaml"
    path.write_text(json.dumps({"clouds": entries}, indent=1))  # JSON is YAML
    return path


def make_template(venv, folder):
    """Initializes a database directory with the schemas of Keystone and Neutron, for all clouds to copy."""
    place = pathlib.Path(f"{folder}.new")
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    cloud = Cloud("template", {"number": 99, "as": 65001}, "127.0.0.1", venv, place)
    cloud.configure()
    subprocess.run(
        ["mysql_install_db", f"--defaults-file={cloud.run}/my.cnf", "--auth-root-authentication-method=normal", "--skip-test-db"],
        check=True, capture_output=True, timeout=120,
    )
    cloud.start_database()
    for name in ("keystone", "neutron"):
        cloud.call("mysql", f"--socket={cloud.run}/mysql.sock", "-e", f"CREATE DATABASE {name} CHARACTER SET utf8mb3")
    migrations = [
        subprocess.Popen(command, env=cloud.environment, cwd=cloud.run, stdout=open(cloud.logs / f"{name}-migration.log", "wb"), stderr=subprocess.STDOUT)
        for name, command in (
            ("keystone", [cloud.program("keystone-manage"), "--config-file", f"{cloud.run}/keystone.conf", "db_sync"]),
            ("neutron", [cloud.program("neutron-db-manage"), *cloud.neutron_files("tools.conf"), "upgrade", "heads"]),
        )
    ]
    for migration in migrations:
        if migration.wait(300):
            raise RuntimeError(f"{' '.join(migration.args)} ended with {migration.returncode}; see {cloud.logs}")
    cloud.stop("mariadbd")
    shutil.rmtree(place)
    shutil.copytree(cloud.run / "mysql", place)
    place.rename(folder)
    shutil.rmtree(cloud.run)
