pod=$(kubectl -n component-duties get pods -l app=errand -o jsonpath='{.items[0].metadata.name}')
kubectl -n component-duties get pod "$pod" -o yaml --show-managed-fields
creates=$(kubectl -n component-duties get pod "$pod" --show-managed-fields -o jsonpath='{.metadata.managedFields[0].manager}')
reports=$(kubectl -n component-duties get pod "$pod" --show-managed-fields -o jsonpath='{.metadata.managedFields[?(@.subresource=="status")].manager}')
places=$(kubectl -n component-duties get pod "$pod" -o jsonpath='{.spec.schedulerName}')
store=$(kubectl -n kube-system get pods -l component=kube-apiserver -o jsonpath='{.items[0].spec.containers[0].command}' | tr ',' '\n' | sed -n 's/.*--etcd-servers=\([^"]*\).*/\1/p')
proxies=$(kubectl -n kube-system get pods -l k8s-app=kube-proxy -o name | wc -l)
kubectl -n component-duties create configmap answers --from-literal=creates-pods="$creates" \
  --from-literal=reports-status="$reports" --from-literal=places-pods="$places" \
  --from-literal=store-address="$store" --from-literal=proxy-count="$proxies"
