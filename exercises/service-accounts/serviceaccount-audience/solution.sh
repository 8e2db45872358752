kubectl -n serviceaccount-audience apply -f - <<YAML
apiVersion: v1
kind: Pod
metadata:
  name: teller
spec:
  serviceAccountName: teller
  automountServiceAccountToken: false
  containers:
    - name: main
      image: busybox:1.36
      command: [sleep, "86400"]
      volumeMounts:
        - name: bank
          mountPath: /run/bank
          readOnly: true
  volumes:
    - name: bank
      projected:
        sources:
          - serviceAccountToken:
              path: token
              audience: bank-vault
              expirationSeconds: 1200
YAML
kubectl -n serviceaccount-audience wait pod/teller --for=condition=Ready --timeout=60s
