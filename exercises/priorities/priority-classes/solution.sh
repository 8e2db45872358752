kubectl create priorityclass shop-critical --value=50000 --preemption-policy=Never
kubectl -n priority-classes patch deployment payments --patch '{"spec":{"template":{"spec":{"priorityClassName":"shop-critical"}}}}'
kubectl -n priority-classes rollout status deployment/payments --timeout=90s
