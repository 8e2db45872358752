for name in intern-mina intern-jae; do
  kubectl get csr $name -o jsonpath='{.spec.request}' | base64 -d > $name.csr
  if command -v openssl > /dev/null; then openssl req -in $name.csr -noout -subject; fi
done
kubectl certificate approve intern-mina
kubectl certificate deny intern-jae
kubectl get csr
