kubectl -n imperative-changes set image deployment/blog web=nginx:1.28
kubectl -n imperative-changes set env deployment/blog --containers=web THEME=dark
kubectl -n imperative-changes set resources deployment/blog --containers=web --requests=cpu=50m
kubectl -n imperative-changes annotate deployment blog owner=docs-team
kubectl -n imperative-changes scale deployment blog --replicas=3
kubectl -n imperative-changes rollout status deployment/blog --timeout=90s
