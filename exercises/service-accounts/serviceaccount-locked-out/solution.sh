kubectl -n serviceaccount-locked-out logs deployment/census || true
kubectl -n serviceaccount-locked-out create rolebinding census --role=count-pods \
  --serviceaccount=serviceaccount-locked-out:census
kubectl -n serviceaccount-locked-out patch deployment census --patch '
spec:
  template:
    spec:
      serviceAccountName: census
      automountServiceAccountToken: true'
kubectl -n serviceaccount-locked-out rollout status deployment/census --timeout=120s
