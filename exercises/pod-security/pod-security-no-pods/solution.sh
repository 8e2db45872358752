kubectl -n pod-security-no-pods patch deployment press --patch '
spec:
  template:
    spec:
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        seccompProfile: { type: RuntimeDefault }
      containers:
        - name: app
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: { drop: [ALL] }'
kubectl -n pod-security-no-pods rollout status deployment/press --timeout=90s
