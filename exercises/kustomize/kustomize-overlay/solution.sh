mkdir -p base staging
kubectl -n kustomize-overlay get configmap base -o jsonpath='{.data.kustomization\.yaml}' > base/kustomization.yaml
kubectl -n kustomize-overlay get configmap base -o jsonpath='{.data.deployment\.yaml}' > base/deployment.yaml
cat > staging/kustomization.yaml <<YAML
resources:
  - ../base
namePrefix: staging-
labels:
  - pairs:
      env: staging
replicas:
  - name: web
    count: 2
images:
  - name: nginx
    newTag: "1.27"
configMapGenerator:
  - name: web-settings
    literals:
      - GREETING=hello
YAML
kubectl -n kustomize-overlay apply -k staging
kubectl -n kustomize-overlay rollout status deployment/staging-web --timeout=90s
