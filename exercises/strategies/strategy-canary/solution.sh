kubectl -n strategy-canary get deployment search -o yaml > search.yaml
sed -e 's/^  name: search/&-canary/' -e 's/track: stable/track: canary/' -e 's/nginx:1.27/nginx:1.28/' -e 's/replicas: 4/replicas: 1/' -e '/^  resourceVersion:/d' -e '/^  uid:/d' search.yaml > search-canary.yaml
kubectl -n strategy-canary create -f search-canary.yaml
kubectl -n strategy-canary scale deployment search --replicas=3
kubectl -n strategy-canary patch service search --type=json --patch '[{"op":"remove","path":"/spec/selector/track"}]'
kubectl -n strategy-canary rollout status deployment/search-canary --timeout=90s
