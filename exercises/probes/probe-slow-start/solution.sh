kubectl -n probe-slow-start describe pods -l app=archive
kubectl -n probe-slow-start patch deployment archive --patch '
spec:
  template:
    spec:
      containers:
        - name: app
          startupProbe:
            httpGet: { path: /, port: 80 }
            periodSeconds: 5
            failureThreshold: 12'
kubectl -n probe-slow-start rollout status deployment/archive --timeout=180s
