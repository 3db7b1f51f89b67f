#!/bin/bash

# Logs are files of the volume kolla_logs, as of all of Kolla's services; config.json makes the folder.
exec >> "/var/log/kolla/ovn-federation/${OVN_FEDERATION_LOG}.log" 2>&1
