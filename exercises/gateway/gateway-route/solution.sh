kubectl get gatewayclass
kubectl -n gateway-route apply -f - <<YAML
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: gate
spec:
  gatewayClassName: nginx
  listeners:
    - { name: http, port: 80, protocol: HTTP }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: shop
spec:
  parentRefs:
    - name: gate
  hostnames: [shop.example.com]
  rules:
    - matches:
        - path: { type: PathPrefix, value: /cart }
      backendRefs:
        - { name: cart, port: 80 }
    - backendRefs:
        - { name: shop, port: 80 }
YAML
kubectl -n gateway-route wait gateway/gate --for=condition=Programmed --timeout=120s
kubectl -n gateway-route rollout status deployment/gate-nginx --timeout=120s
kubectl -n gateway-route exec guest -- curl -sS -H "Host: shop.example.com" http://gate-nginx/cart/7
