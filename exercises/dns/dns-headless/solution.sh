kubectl -n dns-headless expose deployment ledger --cluster-ip=None --port=80
kubectl -n dns-headless create service externalname archive --external-name=archive.example.com
