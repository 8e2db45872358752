kubectl -n service-wrong-port describe service menu
kubectl -n service-wrong-port patch service menu --type=json \
  --patch '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": "http"}]'
kubectl -n service-wrong-port exec client -- wget -q -T 3 -O - http://menu/
