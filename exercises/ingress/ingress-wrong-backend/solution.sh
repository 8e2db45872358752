kubectl -n ingress-wrong-backend describe ingress diner
kubectl get ingressclass
kubectl -n ingress-wrong-backend get services
kubectl -n ingress-wrong-backend patch ingress diner --type=json --patch '[
  {"op": "replace", "path": "/spec/ingressClassName", "value": "diner"},
  {"op": "replace", "path": "/spec/rules/0/http/paths/0/pathType", "value": "Prefix"},
  {"op": "replace", "path": "/spec/rules/0/http/paths/1/backend/service/port/number", "value": 8000}]'
kubectl -n ingress-wrong-backend exec guest -- curl -sS -H "Host: diner.example.com" http://gate/menu/today
