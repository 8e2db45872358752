kubectl -n statefulset-create create service clusterip ring --clusterip=None --tcp=80
kubectl -n statefulset-create apply -f - <<YAML
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ring
spec:
  serviceName: ring
  replicas: 3
  selector:
    matchLabels: { app: ring }
  template:
    metadata:
      labels: { app: ring }
    spec:
      containers:
        - name: web
          image: nginx:1.27
          ports: [{ containerPort: 80 }]
          volumeMounts: [{ name: data, mountPath: /data }]
  volumeClaimTemplates:
    - metadata:
        name: data
      spec:
        accessModes: [ReadWriteOnce]
        resources: { requests: { storage: 100Mi } }
YAML
kubectl -n statefulset-create rollout status statefulset/ring --timeout=180s
kubectl -n statefulset-create exec scout -- nslookup ring-2.ring.statefulset-create.svc.cluster.local
