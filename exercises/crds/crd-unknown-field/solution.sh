kubectl explain feed.spec
kubectl patch crd feeds.farm.example.com --type=json --patch '
- op: replace
  path: /spec/versions/0/schema/openAPIV3Schema/properties/spec/properties
  value:
    animal: { type: string }
    litres: { type: integer, minimum: 1, maximum: 500 }'
until kubectl -n crd-unknown-field patch feed morning --type=merge --patch '{"spec": {"litres": 40}}' &&
  [ "$(kubectl -n crd-unknown-field get feed morning -o jsonpath='{.spec.litres}')" = 40 ]; do sleep 1; done
