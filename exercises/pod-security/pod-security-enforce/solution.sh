kubectl label namespace pod-security-enforce pod-security.kubernetes.io/enforce=restricted pod-security.kubernetes.io/warn=restricted
kubectl -n pod-security-enforce apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: quiet
spec:
  securityContext:
    runAsNonRoot: true
    runAsUser: 1000
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: app
      image: busybox:1.36
      command: [sleep, "86400"]
      securityContext:
        allowPrivilegeEscalation: false
        capabilities:
          drop: [ALL]
YAML
kubectl -n pod-security-enforce wait pod/quiet --for=condition=Ready --timeout=60s
