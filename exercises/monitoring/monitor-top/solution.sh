until [ "$(kubectl -n monitor-top top pods -l app=mill --no-headers | wc -l)" -eq 4 ]; do sleep 2; done
memory=$(kubectl -n monitor-top top pods -l app=mill --sort-by=memory --no-headers | head -n 1 | cut -d' ' -f1)
cpu=$(kubectl -n monitor-top top pods -l app=mill --sort-by=cpu --no-headers | head -n 1 | cut -d' ' -f1)
kubectl -n monitor-top create configmap answers --from-literal=most-memory="$memory" --from-literal=most-cpu="$cpu"
