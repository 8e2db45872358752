kubectl -n component-duties patch configmap duties --patch '
data:
  serves-api: kube-apiserver
  stores-state: etcd
  places-pods: kube-scheduler
  runs-control-loops: kube-controller-manager
  starts-containers: kubelet
  routes-services: kube-proxy'
