kubectl -n trouble-no-answer get services
kubectl -n trouble-no-answer get endpointslices
kubectl -n trouble-no-answer get pods --show-labels
kubectl -n trouble-no-answer set selector service shop app=shop,tier=front
kubectl -n trouble-no-answer patch service stock --type=json --patch '[{"op": "replace", "path": "/spec/ports/0/port", "value": 80}]'
kubectl -n trouble-no-answer patch service prices --type=json --patch '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": "web"}]'
for name in shop stock prices; do
  kubectl -n trouble-no-answer exec customer -- wget -q -O /dev/null -T 3 "http://$name/"
done
