kubectl -n strategy-blue-green apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog-green
spec:
  replicas: 3
  selector:
    matchLabels: { app: catalog, color: green }
  template:
    metadata:
      labels: { app: catalog, color: green }
    spec:
      containers:
        - name: web
          image: httpd:2.4
          ports:
            - containerPort: 80
YAML
kubectl -n strategy-blue-green rollout status deployment/catalog-green --timeout=90s
kubectl -n strategy-blue-green set selector service catalog app=catalog,color=green
kubectl -n strategy-blue-green scale deployment catalog-blue --replicas=0
