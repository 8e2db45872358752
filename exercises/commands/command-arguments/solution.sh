kubectl -n command-arguments run sleeper --image=busybox:1.36 --command -- sleep 4800
kubectl -n command-arguments run store --image=redis:7 -- redis-server --appendonly yes
kubectl -n command-arguments wait pod sleeper store --for=condition=Ready --timeout=60s
