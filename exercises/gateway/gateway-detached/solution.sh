kubectl -n gateway-detached describe httproute paper
kubectl -n gateway-detached describe gateway gate
kubectl -n gateway-detached patch httproute paper --type=json --patch '[
  {"op": "replace", "path": "/spec/parentRefs/0/sectionName", "value": "http"},
  {"op": "replace", "path": "/spec/hostnames/0", "value": "paper.example.com"},
  {"op": "replace", "path": "/spec/rules/0/backendRefs/0/name", "value": "sport"}]'
kubectl -n gateway-detached exec guest -- curl -sS -H "Host: paper.example.com" http://gate-nginx/sport/today
