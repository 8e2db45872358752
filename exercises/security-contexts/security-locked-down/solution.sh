kubectl -n security-locked-down apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: locked
spec:
  securityContext:
    runAsUser: 1500
    fsGroup: 2500
  containers:
    - name: app
      image: busybox:1.36
      command: [sleep, "86400"]
      securityContext:
        allowPrivilegeEscalation: false
        readOnlyRootFilesystem: true
        capabilities:
          drop: [ALL]
YAML
kubectl -n security-locked-down wait pod/locked --for=condition=Ready --timeout=60s
