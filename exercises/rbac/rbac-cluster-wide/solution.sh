kubectl create clusterrole node-watcher --verb=get,list,watch --resource=nodes,pods,pods/log
kubectl create clusterrolebinding node-watcher --clusterrole=node-watcher --group=night-shift
kubectl auth can-i list nodes --as=nora --as-group=night-shift
