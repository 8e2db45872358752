kubectl replace --force -f - <<YAML
apiVersion: v1
kind: ConfigMap
metadata:
  name: rates
  namespace: api-immutable
immutable: true
data:
  TAX: "19"
  FEE: "3"
YAML
