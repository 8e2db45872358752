kubectl -n cronjob-create apply -f - <<YAML
apiVersion: batch/v1
kind: CronJob
metadata:
  name: sweep
spec:
  schedule: "30 2 * * *"
  timeZone: Asia/Seoul
  concurrencyPolicy: Forbid
  startingDeadlineSeconds: 600
  successfulJobsHistoryLimit: 2
  failedJobsHistoryLimit: 1
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: broom
              image: busybox:1.36
              command: ["echo", "floor swept"]
YAML
kubectl -n cronjob-create create job sweep-now --from=cronjob/sweep
kubectl -n cronjob-create wait job/sweep-now --for=condition=Complete --timeout=120s
kubectl -n cronjob-create logs job/sweep-now
