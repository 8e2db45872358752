kubectl -n pod-run-once get pod migrate -o yaml | sed 's/restartPolicy: Always/restartPolicy: OnFailure/' > migrate.yaml
kubectl replace --force -f migrate.yaml
kubectl -n pod-run-once wait pod/migrate --for=jsonpath='{.status.phase}'=Succeeded --timeout=60s
