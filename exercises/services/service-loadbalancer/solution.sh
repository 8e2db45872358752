kubectl -n service-loadbalancer expose deployment ticket --type=LoadBalancer --port=8080 --target-port=80
kubectl -n service-loadbalancer patch service ticket --patch '{"spec": {"externalTrafficPolicy": "Local"}}'
port=$(kubectl -n service-loadbalancer get service ticket -o jsonpath='{.spec.ports[0].nodePort}')
kubectl -n service-loadbalancer create configmap answers --from-literal=node-port="$port"
