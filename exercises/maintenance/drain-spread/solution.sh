kubectl -n drain-spread patch deployment kiosk --patch '
spec:
  template:
    spec:
      nodeSelector: null
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: { app: kiosk }'
kubectl -n drain-spread rollout status deployment/kiosk --timeout=120s
