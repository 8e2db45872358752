kubectl -n trouble-layers logs deployment/front
kubectl -n trouble-layers get configmap front-config -o yaml | sed 's#http://apis:#http://api:#' > front-config.yaml
kubectl -n trouble-layers replace -f front-config.yaml
kubectl -n trouble-layers rollout restart deployment/front
kubectl -n trouble-layers get deployments
kubectl -n trouble-layers scale deployment/api --replicas=1
kubectl -n trouble-layers get endpointslices
kubectl -n trouble-layers patch service api --type=json --patch '[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": "http"}]'
kubectl -n trouble-layers rollout status deployment/front --timeout=120s
kubectl -n trouble-layers rollout status deployment/api --timeout=120s
kubectl -n trouble-layers exec visitor -- wget -q -O- -T 5 http://front/api/guests
