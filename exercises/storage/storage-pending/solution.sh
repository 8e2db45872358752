kubectl -n storage-pending get pv films-disk
kubectl -n storage-pending get pvc films
kubectl -n storage-pending delete pvc films
kubectl -n storage-pending apply -f - <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: films
spec:
  storageClassName: film-disks
  accessModes: [ReadWriteOnce]
  resources:
    requests: { storage: 2Gi }
YAML
kubectl -n storage-pending rollout status deployment/cinema --timeout=120s
