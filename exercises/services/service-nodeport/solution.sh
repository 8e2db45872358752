kubectl -n service-nodeport patch service gallery --patch '
spec:
  type: NodePort
  selector: { app: gallery }
  ports: [{ port: 80, nodePort: 30980 }]'
