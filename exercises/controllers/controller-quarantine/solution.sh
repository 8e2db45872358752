kubectl -n controller-quarantine label pod cart-a app- quarantine=true
kubectl -n controller-quarantine wait pod --selector=app=cart --for=condition=Ready --timeout=60s
