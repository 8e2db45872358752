kubectl -n cronjob-silent get cronjob beacon
kubectl -n cronjob-silent patch cronjob beacon --patch '
spec:
  schedule: "* * * * *"
  suspend: false
  jobTemplate:
    spec:
      template:
        spec:
          containers:
            - name: lamp
              command: ["date", "+%H:%M beacon is lit"]'
until kubectl -n cronjob-silent get cronjob beacon -o jsonpath='{.status.lastSuccessfulTime}' | grep -q .; do sleep 1; done
kubectl -n cronjob-silent logs -l app=beacon
