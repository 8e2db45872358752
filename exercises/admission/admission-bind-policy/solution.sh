kubectl apply -f - <<YAML
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: few-replicas-here
spec:
  policyName: few-replicas
  validationActions: [Deny]
  matchResources:
    namespaceSelector:
      matchLabels:
        kubernetes.io/metadata.name: admission-bind-policy
YAML
kubectl -n admission-bind-policy scale deployment gallery --replicas=3
kubectl -n admission-bind-policy rollout status deployment/gallery --timeout=90s
