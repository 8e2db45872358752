kubectl -n job-repair describe job settle
kubectl -n job-repair get configmap settings -o yaml
kubectl -n job-repair delete job settle
kubectl -n job-repair apply -f - <<'YAML'
apiVersion: batch/v1
kind: Job
metadata:
  name: settle
spec:
  completions: 4
  parallelism: 2
  backoffLimit: 2
  activeDeadlineSeconds: 120
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: books
          image: busybox:1.36
          command:
            - sh
            - -c
            - sleep 6; if [ -z "$CURRENCY" ]; then echo "CURRENCY is not set"; exit 1; fi; echo "settled in $CURRENCY"
          env:
            - name: CURRENCY
              valueFrom:
                configMapKeyRef: { name: settings, key: currency }
YAML
kubectl -n job-repair wait job/settle --for=condition=Complete --timeout=180s
