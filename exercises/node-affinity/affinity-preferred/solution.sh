kubectl -n affinity-preferred apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: scanner
spec:
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
          - matchExpressions:
              - { key: node-role.kubernetes.io/control-plane, operator: DoesNotExist }
      preferredDuringSchedulingIgnoredDuringExecution:
        - weight: 80
          preference:
            matchExpressions:
              - { key: kubernetes.io/hostname, operator: In, values: [node02] }
  containers:
    - name: web
      image: nginx:1.27
YAML
kubectl -n affinity-preferred wait pod/scanner --for=condition=Ready --timeout=60s
