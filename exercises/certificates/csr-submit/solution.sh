REQUEST=$(kubectl -n csr-submit get configmap dana -o jsonpath='{.data.dana\.csr}' | base64 | tr -d '\n')
kubectl apply -f - <<YAML
apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata:
  name: dana-readers
spec:
  signerName: kubernetes.io/kube-apiserver-client
  usages: [client auth]
  expirationSeconds: 86400
  request: $REQUEST
YAML
kubectl get csr dana-readers
