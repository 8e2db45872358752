kubectl -n affinity-no-match get deployment renderer -o yaml > renderer.yaml
sed -i -e 's/node-1/node01/' -e 's/node-2/node02/' renderer.yaml
kubectl apply -f renderer.yaml
kubectl -n affinity-no-match rollout status deployment/renderer --timeout=90s
