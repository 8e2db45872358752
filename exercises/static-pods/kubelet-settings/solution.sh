node="kubectl get nodes -l node-role.kubernetes.io/control-plane"
has=$($node -o jsonpath='{.items[0].status.capacity.memory}')
gives=$($node -o jsonpath='{.items[0].status.allocatable.memory}')
kubectl -n kubelet-settings create configmap answers \
  --from-literal=max-pods="$($node -o jsonpath='{.items[0].status.capacity.pods}')" \
  --from-literal=runtime="$($node -o jsonpath='{.items[0].status.nodeInfo.containerRuntimeVersion}')" \
  --from-literal=kubelet-port="$($node -o jsonpath='{.items[0].status.daemonEndpoints.kubeletEndpoint.Port}')" \
  --from-literal=reserved-memory="$((${has%Ki} - ${gives%Ki}))Ki" \
  --from-literal=lease-seconds="$(kubectl -n kube-node-lease get leases -o jsonpath='{.items[0].spec.leaseDurationSeconds}')"
