kubectl -n schedule-no-scheduler patch deployment invoices --patch '{"spec":{"template":{"spec":{"schedulerName":"default-scheduler"}}}}'
kubectl -n schedule-no-scheduler rollout status deployment/invoices --timeout=90s
