kubectl taint node rack-3 dedicated=gpu:NoSchedule
kubectl taint node rack-3 burn-in-
kubectl label node rack-3 accelerator=gpu
