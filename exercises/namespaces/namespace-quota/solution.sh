kubectl create namespace team-blue
kubectl label namespace team-blue team=blue
kubectl -n team-blue create quota team-quota --hard=pods=4,requests.cpu=1,requests.memory=1Gi
kubectl -n team-blue create deployment api --image=nginx:1.27 --replicas=2
kubectl -n team-blue set resources deployment api --requests=cpu=200m,memory=128Mi
kubectl -n team-blue rollout status deployment/api --timeout=90s
