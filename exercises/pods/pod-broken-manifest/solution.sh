kubectl -n pod-broken-manifest get configmap draft -o jsonpath='{.data.postcard\.yaml}' > postcard.yaml
sed -i -e 's#apps/v1#v1#' -e 's/kind: pod/kind: Pod/' -e 's/Postcard/postcard/' -e 's/version: 1.10/version: "1.10"/' \
  -e 's/  container:/  containers:/' -e 's/containerPort: "80"/- containerPort: 80/' \
  -e 's/value: yes/value: "yes"/' -e 's/value: 3/value: "3"/' postcard.yaml
kubectl -n pod-broken-manifest apply -f postcard.yaml
kubectl -n pod-broken-manifest wait pod/postcard --for=condition=Ready --timeout=60s
