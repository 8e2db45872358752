kubectl -n init-prepares apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: welcome
spec:
  volumes:
    - name: page
      emptyDir: {}
  initContainers:
    - name: prepare
      image: busybox:1.36
      command: [sh, -c, "echo welcome > /work/index.html"]
      volumeMounts:
        - { name: page, mountPath: /work }
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts:
        - { name: page, mountPath: /usr/share/nginx/html }
YAML
kubectl -n init-prepares wait pod/welcome --for=condition=Ready --timeout=60s
