kubectl -n schedule-by-hand get pod survey -o yaml > survey.yaml
sed -i 's/^spec:/&\n  nodeName: node01/' survey.yaml
kubectl replace --force -f survey.yaml
kubectl -n schedule-by-hand wait pod/survey --for=condition=Ready --timeout=60s
