kubectl -n monitor-log-search logs --selector=app=worker --all-containers --prefix | grep ERROR
kubectl -n monitor-log-search label pod worker-2 broken=yes
kubectl -n monitor-log-search create configmap finding --from-literal=pod=worker-2 --from-literal=order=4711
