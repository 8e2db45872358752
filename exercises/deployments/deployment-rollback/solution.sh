kubectl -n deployment-rollback set image deployment/web nginx=nginx:1.27
kubectl -n deployment-rollback rollout status deployment/web --timeout=90s
kubectl -n deployment-rollback rollout undo deployment/web
kubectl -n deployment-rollback rollout status deployment/web --timeout=90s
