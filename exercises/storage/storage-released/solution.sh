kubectl get pv harvest-disk
kubectl patch pv harvest-disk --type=merge --patch '{"spec": {"claimRef": null}}'
kubectl -n storage-released wait pvc/harvest --for=jsonpath='{.status.phase}'=Bound --timeout=120s
kubectl -n storage-released rollout status deployment/barn --timeout=120s
