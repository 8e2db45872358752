kubectl -n kube-system get pods -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].kind,NODE:.spec.nodeName
pods=$(kubectl -n kube-system get pods -o jsonpath='{range .items[?(@.metadata.ownerReferences[0].kind=="Node")]}{.metadata.name}{" "}{end}')
hash=$(kubectl -n kube-system get pods -l component=kube-scheduler -o jsonpath='{.items[0].metadata.annotations.kubernetes\.io/config\.hash}')
kubectl -n static-pods-find create configmap answers --from-literal=static-pods="$pods" --from-literal=scheduler-hash="$hash"
