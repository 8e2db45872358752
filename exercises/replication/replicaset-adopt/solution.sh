kubectl -n replicaset-adopt label pod shop-c app=shop --overwrite
kubectl -n replicaset-adopt apply -f - <<YAML
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: shop
spec:
  replicas: 3
  selector:
    matchLabels: { app: shop }
  template:
    metadata:
      labels: { app: shop }
    spec:
      containers:
        - name: nginx
          image: nginx:1.27
YAML
kubectl -n replicaset-adopt wait rs/shop --for=jsonpath='{.status.readyReplicas}'=3 --timeout=60s
