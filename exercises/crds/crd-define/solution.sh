kubectl apply -f - <<YAML
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: snapshots.drill.example.com
spec:
  group: drill.example.com
  scope: Namespaced
  names:
    kind: Snapshot
    plural: snapshots
    singular: snapshot
    shortNames: [snap]
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [source]
              properties:
                source: { type: string }
                keep: { type: integer, minimum: 1 }
YAML
kubectl wait crd/snapshots.drill.example.com --for=condition=Established --timeout=30s
kubectl -n crd-define apply -f - <<YAML
apiVersion: drill.example.com/v1
kind: Snapshot
metadata:
  name: nightly
spec:
  source: orders
  keep: 7
YAML
