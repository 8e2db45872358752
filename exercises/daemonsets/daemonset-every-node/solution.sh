kubectl -n daemonset-every-node apply -f - <<YAML
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-agent
spec:
  selector:
    matchLabels: { app: node-agent }
  template:
    metadata:
      labels: { app: node-agent }
    spec:
      tolerations:
        - { operator: Exists, effect: NoSchedule }
      containers:
        - name: agent
          image: busybox:1.36
          command: [sleep, "86400"]
YAML
kubectl -n daemonset-every-node rollout status daemonset/node-agent --timeout=90s
