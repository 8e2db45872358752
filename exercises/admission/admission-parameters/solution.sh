kubectl get validatingadmissionpolicy,validatingadmissionpolicybinding queue-images.drydock.example -o yaml
kubectl -n admission-parameters create configmap image-rules --from-literal=prefix=nginx:
until kubectl -n admission-parameters set image deployment/queue web=nginx:1.28; do sleep 1; done
kubectl -n admission-parameters rollout status deployment/queue --timeout=90s
