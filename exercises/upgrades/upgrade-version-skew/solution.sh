kubectl -n upgrade-version-skew patch configmap versions --patch '
data:
  kubelet-oldest: "1.33"
  kube-proxy-newest: "1.36"
  kube-scheduler-oldest: "1.35"
  kubectl-newest: "1.37"
  next-upgrade: "1.37"'
