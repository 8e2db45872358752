kubectl get nodes -l hall=north
for node in $(kubectl get nodes -l hall=north -o jsonpath='{range .items[*]}{.metadata.name}={.status.nodeInfo.kubeletVersion}{" "}{end}'); do
  minor=$(echo "$node" | cut -d. -f2)
  if [ "$minor" -lt 33 ]; then
    kubectl label node "${node%%=*}" upgrade=first
    kubectl cordon "${node%%=*}"
  fi
done
oldest=$(kubectl get nodes -l hall=north -o jsonpath='{range .items[*]}{.status.nodeInfo.kubeletVersion}{"\n"}{end}' | sort -t. -k2 -n | head -n 1)
kubectl -n upgrade-old-kubelets create configmap answers --from-literal=oldest="$oldest"
