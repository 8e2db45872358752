kubectl -n label-set-based delete pod --selector='env in (dev,test),!keep'
