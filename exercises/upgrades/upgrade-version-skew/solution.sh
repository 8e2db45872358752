minor=$(kubectl get --raw /version | sed -n 's/.*"minor": *"\([0-9]*\).*/\1/p')
kubelet=$(kubectl get node old-timer -o jsonpath='{.status.nodeInfo.kubeletVersion}' | cut -d. -f2)
kubectl -n upgrade-version-skew create configmap answers \
  --from-literal=kubelet-oldest="1.$((minor - 3))" \
  --from-literal=kube-proxy-newest="1.$minor" \
  --from-literal=kube-scheduler-oldest="1.$((minor - 1))" \
  --from-literal=kubectl-newest="1.$((minor + 1))" \
  --from-literal=upgrades-to-kubelet="$((36 - kubelet))"
