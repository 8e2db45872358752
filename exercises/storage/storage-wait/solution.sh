default=$(kubectl get storageclass -o jsonpath='{.items[?(@.metadata.annotations.storageclass\.kubernetes\.io/is-default-class=="true")].provisioner}')
kubectl apply -f - <<YAML
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: late
provisioner: $default
reclaimPolicy: Delete
volumeBindingMode: WaitForFirstConsumer
YAML
kubectl -n storage-wait apply -f - <<YAML
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: scans
spec:
  storageClassName: late
  accessModes: [ReadWriteOnce]
  resources:
    requests: { storage: 200Mi }
YAML
kubectl -n storage-wait describe pvc scans
kubectl -n storage-wait apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: scanner
spec:
  volumes:
    - name: scans
      persistentVolumeClaim: { claimName: scans }
  containers:
    - name: web
      image: nginx:1.27
      volumeMounts: [{ name: scans, mountPath: /scans }]
YAML
kubectl -n storage-wait wait pod/scanner --for=condition=Ready --timeout=120s
