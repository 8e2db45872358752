kubectl -n serviceaccount-no-token apply -f - <<YAML
apiVersion: v1
kind: ServiceAccount
metadata:
  name: reporter
automountServiceAccountToken: false
---
apiVersion: v1
kind: Pod
metadata:
  name: report
spec:
  serviceAccountName: reporter
  containers:
    - name: web
      image: nginx:1.27
YAML
kubectl -n serviceaccount-no-token wait pod/report --for=condition=Ready --timeout=60s
