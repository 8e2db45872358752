kubectl -n sidecar-restart patch deployment orders --patch '
spec:
  template:
    spec:
      initContainers:
        - name: shipper
          image: busybox:1.36
          command: [tail, -F, /logs/access.log]
          restartPolicy: Always
          volumeMounts: [{ name: logs, mountPath: /logs }]
      containers:
        - name: shipper
          $patch: delete'
kubectl -n sidecar-restart rollout status deployment/orders --timeout=90s
