kubectl -n dns-lost-name exec deploy/reporter -- cat /etc/resolv.conf
kubectl -n dns-lost-name patch deployment reporter --type=merge --patch '
spec:
  template:
    spec:
      dnsPolicy: ClusterFirst
      dnsConfig:
        nameservers: null
        searches: [dns-lost-name-data.svc.cluster.local]'
kubectl -n dns-lost-name rollout status deployment/reporter --timeout=120s
kubectl -n dns-lost-name exec deploy/reporter -- cat /etc/resolv.conf
kubectl -n dns-lost-name exec deploy/reporter -- wget -q -O- -T 3 http://archive/
