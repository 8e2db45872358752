mkdir -p delivery
for file in kustomization deployment service replicas; do
  kubectl -n kustomize-repair get configmap delivery -o jsonpath="{.data.$file\.yaml}" > delivery/$file.yaml
done
sed -i -e 's/svc.yaml/service.yaml/' -e 's#library/nginx#nginx#' delivery/kustomization.yaml
sed -i -e 's/live-shop/shop/' delivery/replicas.yaml
kubectl kustomize delivery
kubectl -n kustomize-repair apply -k delivery
kubectl -n kustomize-repair rollout status deployment/live-shop --timeout=90s
