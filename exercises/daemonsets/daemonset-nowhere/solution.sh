kubectl get nodes --show-labels
kubectl -n daemonset-nowhere patch daemonset log-reader --patch '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/os":"linux"}}}}}'
kubectl -n daemonset-nowhere rollout status daemonset/log-reader --timeout=90s
