kubectl -n monitor-log-sidecar patch deployment gauge --patch '
spec:
  template:
    spec:
      containers:
        - name: stream
          image: busybox:1.36
          command: [sh, -c, "tail -n +1 -F /logs/gauge.log"]
          volumeMounts:
            - { name: logs, mountPath: /logs, readOnly: true }'
kubectl -n monitor-log-sidecar rollout status deployment/gauge --timeout=90s
kubectl -n monitor-log-sidecar logs deployment/gauge -c stream
