kubectl cordon rack-7
kubectl uncordon rack-8
