kubectl -n netpol-allow-one apply -f - <<YAML
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: store
spec:
  podSelector:
    matchLabels: { app: store }
  policyTypes: [Ingress]
  ingress:
    - from:
        - podSelector:
            matchLabels: { app: cart }
      ports:
        - protocol: TCP
          port: 80
YAML
store=$(kubectl -n netpol-allow-one get pod store -o jsonpath='{.status.podIP}')
kubectl -n netpol-allow-one exec cart -- wget -q -O- -T 3 "http://$store/"
kubectl -n netpol-allow-one exec visitor -- wget -q -O- -T 3 "http://$store/" || echo "visitor stays outside"
