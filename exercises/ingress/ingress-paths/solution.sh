kubectl -n ingress-paths create ingress portal --class=nginx \
  --rule="portal.example.com/shop*=shop:80" \
  --rule="portal.example.com/blog*=blog:8080"
