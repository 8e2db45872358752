etcd="kubectl -n kube-system get pods -l component=etcd"
flags=$($etcd -o jsonpath='{.items[0].spec.containers[0].command}' | tr -d '[]"' | tr ',' '\n')
data=$(echo "$flags" | sed -n 's/^--data-dir=//p')
ca=$(echo "$flags" | sed -n 's/^--trusted-ca-file=//p')
cert=$(echo "$flags" | sed -n 's/^--cert-file=//p')
folder=$($etcd -o jsonpath='{.items[0].spec.volumes[?(@.name=="etcd-data")].hostPath.path}')
kubectl -n etcd-where create configmap answers --from-literal=data-dir="$data" --from-literal=ca="$ca" \
  --from-literal=cert="$cert" --from-literal=host-folder="$folder"
