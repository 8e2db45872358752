kubectl -n kube-system get pods -o custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].kind,NODE:.spec.nodeName
kubectl -n kube-system get pods -o jsonpath='{range .items[?(@.metadata.ownerReferences[0].kind=="Node")]}{.metadata.name}={.spec.nodeName}{"\n"}{end}' > static-pods.env
kubectl -n static-pods-find create configmap static-pods --from-env-file=static-pods.env
