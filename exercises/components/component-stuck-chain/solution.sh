kubectl config set-context --current --namespace=component-stuck-chain
kubectl get deployments,replicasets,pods
kubectl get events
kubectl create configmap diagnosis --from-literal=first=kube-controller-manager --from-literal=second=kube-scheduler --from-literal=third=kubelet
kubectl set serviceaccount deployment/first default
kubectl patch deployment second --patch '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/os":"linux"}}}}}'
kubectl set image deployment/third web=nginx:1.27
kubectl rollout status deployment/first --timeout=90s
kubectl rollout status deployment/second --timeout=90s
kubectl rollout status deployment/third --timeout=90s
