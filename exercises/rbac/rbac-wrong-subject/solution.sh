kubectl -n rbac-wrong-subject patch role config-reader --type=json --patch '[{"op":"replace","path":"/rules/0/resources","value":["configmaps"]}]'
kubectl -n rbac-wrong-subject patch rolebinding courier-reads --type=merge --patch '
subjects:
  - kind: ServiceAccount
    name: courier
    namespace: rbac-wrong-subject'
kubectl -n rbac-wrong-subject auth can-i list configmaps --as=system:serviceaccount:rbac-wrong-subject:courier
