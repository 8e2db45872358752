kubectl -n netpol-wrong-selector describe networkpolicy allow-front
kubectl get namespace netpol-wrong-selector-web --show-labels
kubectl -n netpol-wrong-selector get service,pod -o wide
kubectl -n netpol-wrong-selector patch networkpolicy allow-front --type=json --patch '[
  {"op": "replace", "path": "/spec/ingress/0/from/0/namespaceSelector/matchLabels/team", "value": "web"},
  {"op": "replace", "path": "/spec/ingress/0/ports/0/port", "value": 8080}]'
kubectl -n netpol-wrong-selector-web exec front -- wget -q -O- -T 3 http://api.netpol-wrong-selector.svc.cluster.local/
