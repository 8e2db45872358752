kubectl -n config-secret-files create secret generic gateway-keys --from-literal=user=gate --from-literal=token=abc-123
kubectl -n config-secret-files apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: gateway
spec:
  volumes:
    - name: keys
      secret:
        secretName: gateway-keys
        defaultMode: 0400
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts:
        - { name: keys, mountPath: /etc/keys, readOnly: true }
YAML
kubectl -n config-secret-files wait pod/gateway --for=condition=Ready --timeout=60s
