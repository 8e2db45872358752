kubectl -n label-many label pod --selector=env=prod audited=yes
kubectl -n label-many label pod --all debug-
