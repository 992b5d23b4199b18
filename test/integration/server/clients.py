"""Asks a server as a program with opa-python-client does. The port is the argument; what came back is JSON."""

import json
import sys

from opa_client.opa import OpaClient

everyone = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}],
}

with OpaClient(host="127.0.0.1", port=int(sys.argv[1])) as client:
    deny = client.query_rule(input_data=everyone, package_path="keywarden", rule_name="deny")
    package = client.query_rule(input_data={}, package_path="keywarden")
    measured = client.query_rule(everyone, "keywarden", "allow", {"metrics": True, "pretty": True})
    told = {
        "rules": [result["metadata"]["rule"] for result in deny["result"]],
        "decided": sorted(deny),
        "nothing": package["result"]["allow"],
        "allow": measured["result"],
        "metrics": sorted(measured["metrics"]),
        "revision": client.get_data("keywarden/revision")["result"],
    }
print(json.dumps(told))
