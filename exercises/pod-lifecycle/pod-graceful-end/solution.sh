kubectl -n pod-graceful-end patch deployment checkout --patch '
spec:
  template:
    spec:
      terminationGracePeriodSeconds: 60
      containers:
        - name: nginx
          lifecycle: { preStop: { exec: { command: [sleep, "10"] } } }'
kubectl -n pod-graceful-end rollout status deployment/checkout --timeout=90s
