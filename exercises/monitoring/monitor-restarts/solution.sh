kubectl -n monitor-restarts get pods --sort-by='.status.containerStatuses[0].restartCount'
kubectl -n monitor-restarts label pod sensor-c unstable=true
code=$(kubectl -n monitor-restarts get pod sensor-c -o jsonpath='{.status.containerStatuses[0].lastState.terminated.exitCode}')
kubectl -n monitor-restarts annotate pod sensor-c exit-code="$code"
