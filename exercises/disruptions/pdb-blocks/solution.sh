kubectl -n pdb-blocks patch poddisruptionbudget billing --patch '{"spec":{"minAvailable":2}}'
kubectl -n pdb-blocks get poddisruptionbudget billing
