kubectl patch crd racks.store.example.com --type=json --patch '
- { op: replace, path: /spec/versions/0/storage, value: false }
- { op: add, path: /spec/versions/0/deprecated, value: true }
- op: add
  path: /spec/versions/-
  value:
    name: v1
    served: true
    storage: true
    additionalPrinterColumns: [{ name: Slots, type: integer, jsonPath: .spec.slots }]
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: { type: object, required: [slots], properties: { slots: { type: integer, minimum: 1 } } }'
kubectl get crd racks.store.example.com -o jsonpath='{.spec.versions[*].name}'
