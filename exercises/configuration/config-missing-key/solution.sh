kubectl -n config-missing-key get events
kubectl -n config-missing-key patch configmap mailer-config --patch '{"data":{"LOG_LEVEL":"debug"}}'
kubectl -n config-missing-key rollout status deployment/mailer --timeout=90s
