kubectl -n config-environment create configmap storefront-config --from-literal=COLOR=green --from-literal=LANGUAGE=ko
kubectl -n config-environment create secret generic storefront-secret --from-literal=password=s3same
kubectl -n config-environment apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: storefront
spec:
  containers:
    - name: web
      image: nginx:1.27
      envFrom:
        - configMapRef: { name: storefront-config }
      env:
        - name: DB_PASSWORD
          valueFrom:
            secretKeyRef: { name: storefront-secret, key: password }
YAML
kubectl -n config-environment wait pod/storefront --for=condition=Ready --timeout=60s
