kubectl -n rbac-read-pods apply -f - <<YAML
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pod-reader
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: [pods/log]
    verbs: [get]
YAML
kubectl -n rbac-read-pods create rolebinding jane-reads-pods --role=pod-reader --user=jane
kubectl -n rbac-read-pods auth can-i list pods --as=jane
