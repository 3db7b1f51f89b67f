"""The containers that the engine in files keeps."""

import os

from ansible.module_utils.basic import AnsibleModule


def main():
    module = AnsibleModule(
        argument_spec={
            "action": {"type": "str"},
            "container_engine": {"type": "str", "required": True},
            "name": {"type": "list", "default": []},
            "args": {"type": "dict", "default": {}},
        },
        supports_check_mode=True,
    )
    folder = os.environ["OVN_FEDERATION_CONTAINERS"]
    kept = [name[:-5] for name in os.listdir(folder) if name.endswith(".json")] if os.path.isdir(folder) else []
    wanted = module.params["name"]
    module.exit_json(containers={name: {"Status": "Up 3 minutes (healthy)"} for name in kept if not wanted or name in wanted})


main()
