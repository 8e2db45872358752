kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' > cluster.yaml
kubectl -n kube-system get configmap kubelet-config -o jsonpath='{.data.kubelet}' > kubelet.yaml
kubectl -n kubeadm-remembers create configmap answers \
  --from-literal=pod-subnet="$(sed -n 's/.*podSubnet: //p' cluster.yaml)" \
  --from-literal=service-subnet="$(sed -n 's/.*serviceSubnet: //p' cluster.yaml)" \
  --from-literal=certificates="$(sed -n 's/.*certificatesDir: //p' cluster.yaml)" \
  --from-literal=static-pods="$(sed -n 's/.*staticPodPath: //p' kubelet.yaml)" \
  --from-literal=dns="$(grep -A1 clusterDNS kubelet.yaml | sed -n 's/^- //p')"
