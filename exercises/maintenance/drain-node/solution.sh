kubectl -n drain-node get pods -o wide
kubectl drain node02 --ignore-daemonsets --delete-emptydir-data --force --timeout=120s
kubectl -n drain-node rollout status deployment/clinic --timeout=90s
