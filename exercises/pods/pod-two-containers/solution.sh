kubectl -n pod-two-containers apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: journal
spec:
  volumes:
    - name: logs
      emptyDir: {}
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts: [{ name: logs, mountPath: /var/log/nginx }]
    - name: reader
      image: busybox:1.36
      command: [sh, -c, "tail -F /logs/access.log"]
      volumeMounts: [{ name: logs, mountPath: /logs }]
YAML
kubectl -n pod-two-containers wait pod/journal --for=condition=Ready --timeout=60s
