kubectl -n config-secret-newline logs deployment/guard || true
kubectl -n config-secret-newline get secret door -o jsonpath='{.data.code}' | base64 -d | od -c
kubectl -n config-secret-newline patch secret door --patch '{"stringData": {"code": "swordfish-42"}}'
kubectl -n config-secret-newline rollout restart deployment/guard
kubectl -n config-secret-newline rollout status deployment/guard --timeout=120s
