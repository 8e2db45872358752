kubectl -n security-root-refused patch deployment filter --patch '{"spec":{"template":{"spec":{"securityContext":{"runAsUser":1200}}}}}'
kubectl -n security-root-refused rollout status deployment/filter --timeout=90s
