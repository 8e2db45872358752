kubectl -n probe-wrong-port patch deployment museum --patch '
spec:
  template:
    spec:
      containers:
        - name: web
          readinessProbe: { httpGet: { path: /, port: http } }'
kubectl -n probe-wrong-port rollout status deployment/museum --timeout=90s
