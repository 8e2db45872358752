kubectl -n job-parallel apply -f - <<YAML
apiVersion: batch/v1
kind: Job
metadata:
  name: report
spec:
  completions: 6
  parallelism: 2
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: printer
          image: busybox:1.36
          command: ["echo", "page printed"]
YAML
kubectl -n job-parallel wait job/report --for=condition=Complete --timeout=120s
