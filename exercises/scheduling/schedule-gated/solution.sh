kubectl -n schedule-gated get pods -o custom-columns=NAME:.metadata.name,GATES:.spec.schedulingGates[*].name
kubectl -n schedule-gated patch pod cargo-paid --type=json --patch '[{"op": "remove", "path": "/spec/schedulingGates"}]'
kubectl -n schedule-gated wait pod/cargo-paid --for=condition=Ready --timeout=60s
