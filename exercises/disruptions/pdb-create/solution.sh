kubectl -n pdb-create create poddisruptionbudget vault --selector=app=vault --min-available=3
kubectl -n pdb-create get poddisruptionbudget vault
