kubectl apply -f - <<YAML
apiVersion: v1
kind: PersistentVolume
metadata: { name: photos-disk }
spec:
  capacity: { storage: 1Gi }
  accessModes: [ReadWriteOnce]
  persistentVolumeReclaimPolicy: Retain
  storageClassName: by-hand
  hostPath: { path: /srv/photos }
YAML
kubectl -n storage-claim apply -f - <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: photos }
spec:
  storageClassName: by-hand
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 500Mi } }
---
apiVersion: v1
kind: Pod
metadata: { name: gallery }
spec:
  volumes: [{ name: photos, persistentVolumeClaim: { claimName: photos } }]
  containers: [{ name: web, image: "nginx:1.27", volumeMounts: [{ name: photos, mountPath: /photos }] }]
YAML
kubectl -n storage-claim wait pod/gallery --for=condition=Ready --timeout=60s
