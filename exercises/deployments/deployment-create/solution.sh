kubectl -n deployment-create apply -f - <<YAML
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 3
  selector:
    matchLabels: { app: api }
  template:
    metadata:
      labels: { app: api }
    spec:
      containers:
        - name: httpd
          image: httpd:2.4
          ports: [{ name: http, containerPort: 80 }]
YAML
kubectl -n deployment-create rollout status deployment/api --timeout=90s
