node="kubectl get nodes -l node-role.kubernetes.io/control-plane"
kubectl get storageclass
kubectl -n extension-interfaces create configmap answers \
  --from-literal=cri-runtime="$($node -o jsonpath='{.items[0].status.nodeInfo.containerRuntimeVersion}' | sed 's#://.*##')" \
  --from-literal=pod-range="$($node -o jsonpath='{.items[0].spec.podCIDR}')" \
  --from-literal=provisioner="$(kubectl get storageclass -o jsonpath='{.items[?(@.metadata.annotations.storageclass\.kubernetes\.io/is-default-class=="true")].provisioner}')"
