for file in budget digest; do
  kubectl -n api-gone-versions get configmap archive -o jsonpath="{.data.$file\.yaml}" | sed 's#v1beta1#v1#' > $file.yaml
done
cat > route.yaml <<YAML
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: newsroom
spec:
  rules:
    - host: news.example.com
      http:
        paths:
          - path: /today
            pathType: Prefix
            backend:
              service:
                name: newsroom
                port:
                  number: 8080
YAML
kubectl -n api-gone-versions apply -f budget.yaml -f digest.yaml -f route.yaml
