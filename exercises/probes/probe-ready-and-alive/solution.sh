kubectl -n probe-ready-and-alive apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: portal
spec:
  containers:
    - name: web
      image: nginx:1.27
      ports:
        - containerPort: 80
      readinessProbe:
        httpGet: { path: /, port: 80 }
        periodSeconds: 5
      livenessProbe:
        tcpSocket: { port: 80 }
        initialDelaySeconds: 10
YAML
kubectl -n probe-ready-and-alive wait pod/portal --for=condition=Ready --timeout=60s
