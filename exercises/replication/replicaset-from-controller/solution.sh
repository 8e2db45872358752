kubectl -n replicaset-from-controller delete rc cart --cascade=orphan
kubectl -n replicaset-from-controller apply -f - <<YAML
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: cart
spec:
  replicas: 3
  selector:
    matchLabels: { app: cart }
  template:
    metadata:
      labels: { app: cart }
    spec:
      containers:
        - name: httpd
          image: httpd:2.4
YAML
kubectl -n replicaset-from-controller wait rs/cart --for=jsonpath='{.status.readyReplicas}'=3 --timeout=60s
