kubectl -n command-crash-loop logs deployment/heartbeat --tail=5
kubectl -n command-crash-loop patch deployment heartbeat --patch '
spec:
  template:
    spec:
      containers:
        - name: app
          command: [sh, -c, "sleep 3600"]'
kubectl -n command-crash-loop rollout status deployment/heartbeat --timeout=90s
